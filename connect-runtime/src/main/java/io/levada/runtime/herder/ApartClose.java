/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.threads.ApartThreads;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes what was opened for a request about a connector, on a thread of its own: whoever asked has the answer, and further requests about the connector do not
 * wait for it. One that is not through in time is interrupted and left behind. Never blocks, and what goes wrong is logged.
 *
 * @param hiding takes out of a failure what must not be told
 */
record ApartClose(ConnectorName connector, UnaryOperator<Throwable> hiding, Duration timeMax) {
    private static final Logger LOGGER = LoggerFactory.getLogger(ApartClose.class);
    private static final String THREADS = "levada-offsets-close";

    void begin(AutoCloseable open) {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            Thread thread = ApartThreads.of(
                    THREADS,
                    THREADS + "-" + connector,
                    () -> LogContext.of(connector).run(() -> close(open, closed)));
            thread.start();
            var unused = closed.orTimeout(timeMax.toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((through, late) -> {
                        if (late != null) {
                            leave(thread);
                        }
                    });
        } catch (Error e) { // The system gives no more threads.
            warn(e);
        }
    }

    private void close(AutoCloseable open, CompletableFuture<Void> closed) {
        try {
            open.close();
        } catch (Throwable e) { // at the top of this thread
            warn(e);
        } finally {
            closed.complete(null);
        }
    }

    private void leave(Thread thread) {
        thread.interrupt();
        LOGGER.atWarn()
                .addKeyValue("connector", connector)
                .addKeyValue("timeoutMs", timeMax.toMillis())
                .log("what was opened to read or change offsets did not close in time, and is left behind");
    }

    private void warn(Throwable failure) {
        LOGGER.atWarn()
                .addKeyValue("connector", connector)
                .setCause(FailureText.tellable(hiding.apply(failure)))
                .log("what was opened to read or change offsets did not close");
    }
}
