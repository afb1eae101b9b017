/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closing what a task has opened: what goes wrong is logged, because the next thing must be closed all the same. */
public final class Closing {
    private static final Logger LOGGER = LoggerFactory.getLogger(Closing.class);

    private Closing() {}

    /** Closes one thing, whatever it throws: a plugin that fails must not keep a consumer open, again with each restart. */
    public static void close(TaskLog log, String what, AutoCloseable open) {
        try {
            open.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Throwable e) { // of plugins, too: Kotlin alone has errors of its own
            log.cause(LOGGER.atWarn(), e).addKeyValue("what", what).log("not closed cleanly");
        }
    }
}
