/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.threads;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For those threads of the worker that end by other means and that nobody of ours interrupts. Somebody else's code may, as all threads of a process
 * can be found: the worker would be without what the thread does, so it goes on.
 */
public final class StrayInterrupts {
    private static final Logger LOGGER = LoggerFactory.getLogger(StrayInterrupts.class);

    private StrayInterrupts() {}

    /**
     * Has this thread go on, which was interrupted.
     *
     * @param what it does
     */
    public static void ignore(String what) {
        boolean unusedFlag = Thread.interrupted();
        LOGGER.atWarn().addKeyValue("thread", what).log("interrupted by nobody who may, and goes on");
    }

    /**
     * Waits for the end, or until it is time to try something again; one that is interrupted tries at once.
     *
     * @return whether the end has come
     */
    public static boolean await(CountDownLatch end, Duration time, String what) {
        try {
            return end.await(time.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            ignore(what);
            return end.getCount() == 0;
        }
    }
}
