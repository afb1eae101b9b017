/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.logging.LogContext;
import io.levada.runtime.threads.TaskThreads;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A thread that calls one connector's plugin and nothing else: jobs run one after the other, under the MDC key {@code
 * connector.context}. A job that fails is told in the log and the next one runs; one that never returns is left behind with its thread, and if it comes
 * back late, only the last job follows. An interruption is for the job that runs: the next one begins without it.
 */
final class PluginThread {
    private static final Logger LOGGER = LoggerFactory.getLogger(PluginThread.class);

    private final BlockingQueue<Runnable> jobs = new LinkedBlockingQueue<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private final Thread thread;
    private final LogContext context;
    private volatile boolean abandoned;
    /** Set and read by the thread itself. */
    private boolean ending;

    PluginThread(String name, LogContext context) {
        this.context = context;
        this.thread = TaskThreads.REAL.start(name, this::run);
    }

    /** Runs a job after those it has, unless it was abandoned by then. */
    void submit(Runnable job) {
        jobs.add(() -> {
            if (!abandoned) {
                job.run();
            }
        });
    }

    /** Ends the thread after the jobs it has and a last one, which frees what there is and is run also if the thread was abandoned. */
    CompletionStage<Void> end(Runnable last) {
        jobs.add(last);
        jobs.add(() -> ending = true);
        return ended;
    }

    /** Whether its last job is done. */
    boolean hasEnded() {
        return ended.isDone();
    }

    /**
     * Nobody waits for it any more, and the connector's next life may have begun: the job that runs is interrupted. Should it return all the same, none
     * of those that it has follows but the last.
     */
    void abandon() {
        abandoned = true;
        thread.interrupt();
    }

    /** Whether the job that runs is late. */
    boolean abandoned() {
        return abandoned;
    }

    private void run() {
        try (LogContext.Scope scope = context.enter()) {
            LOGGER.atTrace().addKeyValue("context", scope).log("plugin thread begins");
            while (!ending) {
                run(next());
            }
        } finally {
            ended.complete(null);
        }
    }

    /** Many a plugin leaves the flag set, or has threads that interrupt this one late: whoever left for that would never call stop(). */
    private Runnable next() {
        while (true) {
            boolean unusedFlag = Thread.interrupted();
            try {
                return jobs.take();
            } catch (InterruptedException ignored) {
                // As said.
            }
        }
    }

    private static void run(Runnable job) {
        try {
            job.run();
        } catch (Throwable e) {
            LOGGER.atError()
                    .setCause(FailureText.tellable(e))
                    .log("a job of a connector's thread failed; the next ones run all the same");
        }
    }
}
