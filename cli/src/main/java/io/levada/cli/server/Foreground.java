/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server that runs until a signal. The JVM itself ends with 143 after SIGTERM and with 130 after SIGINT; before that it waits for
 * the server to close in order.
 */
final class Foreground {
    private static final Logger LOGGER = LoggerFactory.getLogger(Foreground.class);

    private Foreground() {}

    /** Starts a server; what prevents that becomes a problem in the words of whoever refused. */
    static <S> S start(String what, Start<S> start) {
        try {
            return start.start();
        } catch (Problem known) {
            throw known;
        } catch (Exception failure) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot start the " + what,
                    failure.getMessage() == null ? failure.toString() : failure.getMessage(),
                    failure.getMessage() == null ? "LEVADA_DEBUG=1 or --debug shows where." : "",
                    failure);
        }
    }

    /** From now on a signal closes the server before the JVM ends. */
    static void closeOnSignal(AutoCloseable server) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(server), "levada-shutdown"));
    }

    /** Returns only when the thread is interrupted. */
    static void holdUntilSignal() throws InterruptedException {
        new CountDownLatch(1).await();
    }

    /** Returns only with what the server broke down of, or when the thread is interrupted. */
    static Throwable hold(CompletionStage<Throwable> broken) throws InterruptedException {
        try {
            return broken.toCompletableFuture().get();
        } catch (ExecutionException e) {
            return e;
        }
    }

    private static void close(AutoCloseable server) {
        try {
            server.close();
        } catch (Exception failure) {
            LOGGER.atError().setCause(failure).log("the server did not close in order");
        }
    }

    /** What may fail while it starts. */
    @FunctionalInterface
    interface Start<S> {
        S start() throws Exception;
    }
}
