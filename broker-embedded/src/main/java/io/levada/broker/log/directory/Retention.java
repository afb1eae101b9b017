/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.Registration;
import io.levada.broker.thread.Threads;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The housekeeping of a directory: removes segments past their retention, forgets silent producers, and writes the checkpoints that
 * shorten the next recovery. Each run goes over all partitions; one that fails does not keep the others.
 */
public final class Retention implements Runnable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Retention.class);

    private static final Duration PASS_MAX = Duration.ofSeconds(30);

    /** As in Kafka: a process that never lives as long as the interval must still prune. */
    private static final Duration FIRST_PASS = Duration.ofSeconds(30);

    /** As in Kafka ({@code log.flush.offset.checkpoint.interval.ms}): how much a start after a crash has to read at most. */
    private static final Duration CHECKPOINTS = Duration.ofMinutes(1);

    private final LogDirectory directory;

    public Retention(LogDirectory directory) {
        this.directory = directory;
    }

    /**
     * Runs one pass every {@code interval} on a thread {@code levada-log-retention}, the first after 30 seconds at the latest, and writes the checkpoints
     * every minute besides, until the registration is closed. To be called when every partition has its topic's settings: under the defaults it would delete what a topic keeps.
     */
    public Registration every(Duration interval, Threads threads) {
        ScheduledExecutorService executor = threads.scheduler("levada-log-retention");
        long firstMs = Math.min(interval.toMillis(), FIRST_PASS.toMillis());
        var passes = executor.scheduleWithFixedDelay(this, firstMs, interval.toMillis(), TimeUnit.MILLISECONDS);
        var checkpoints = executor.scheduleWithFixedDelay(
                this::checkpoint, CHECKPOINTS.toMillis(), CHECKPOINTS.toMillis(), TimeUnit.MILLISECONDS);
        return () -> stop(executor, List.of(passes, checkpoints));
    }

    /** Lets a pass that runs come to its end, as an interrupt would close the files it uses. */
    private static void stop(ScheduledExecutorService executor, List<? extends Future<?>> scheduled) {
        scheduled.forEach(each -> each.cancel(false));
        executor.shutdown();
        try {
            if (!executor.awaitTermination(PASS_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                LOGGER.atWarn().addKeyValue("waited", PASS_MAX).log("a retention pass still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One pass, on the calling thread. */
    @Override
    public void run() {
        for (PartitionLog log : directory.logs()) {
            guarded(
                    "retention of a partition failed, the next pass tries again",
                    log.partition().toString(),
                    log::prune);
        }
        checkpoint();
    }

    private void checkpoint() {
        guarded("checkpoint not written, the next pass tries again", "all", directory::checkpoint);
    }

    private static void guarded(String message, String partition, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOGGER.atWarn().setCause(e).addKeyValue("partition", partition).log(message);
        }
    }
}
