/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import static org.awaitility.Awaitility.await;

import java.time.Duration;

/**
 * A worker process with its addresses, which stay the same when it is killed and started again.
 *
 * @param bootstrap the broker inside it, host:port
 */
public record RunningWorker(LevadaProcess process, ConnectRest rest, String bootstrap) implements AutoCloseable {

    private static final Duration START_MAX = Duration.ofMinutes(2);

    /** Waits until it is ready, or fails with what it printed. */
    public void awaitHealthy() {
        awaitHealthy(START_MAX);
    }

    void awaitHealthy(Duration timeout) {
        await().atMost(timeout).pollInterval(Duration.ofMillis(50)).until(() -> {
            if (!process.alive()) {
                throw new AssertionError("the worker ended while it started:\n" + process.output());
            }
            return rest.healthy();
        });
    }

    /** SIGKILL, then the same command over the same data. */
    public void killAndStartAgain() {
        process.kill();
        process.startAgain();
        awaitHealthy(START_MAX);
    }

    /** SIGTERM, then the same command over the same data. */
    public void restart() {
        process.terminate();
        process.startAgain();
        awaitHealthy(START_MAX);
    }

    @Override
    public void close() {
        process.close();
    }
}
