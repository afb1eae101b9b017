/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.thread.Threads;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the partitions of a directory in the background, the one with the largest dirty share first. Each thread takes one partition
 * at a time; appends and reads never wait for it.
 */
public final class LogCleaner implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogCleaner.class);
    private static final Duration CLOSE_MAX = Duration.ofSeconds(30);

    private final LogDirectory directory;
    private final CleanerConfig config;
    private final InstantSource clock;
    private final CleanerCheckpoint checkpoint;
    /** In a row. */
    private final AtomicInteger notesFailed = new AtomicInteger();

    private final Throttle throttle;
    private final Set<PartitionLog> inProgress = ConcurrentHashMap.newKeySet();
    /** Under the monitor. */
    private final Uncleanable uncleanable = new Uncleanable();

    private final CountDownLatch stop = new CountDownLatch(1);
    private final List<ScheduledExecutorService> threads = new ArrayList<>();

    /** A cleaner that runs when it is told to; {@link #start} makes one with threads. */
    LogCleaner(LogDirectory directory, CleanerConfig config, InstantSource clock) {
        this.directory = directory;
        this.config = config;
        this.clock = clock;
        this.checkpoint = new CleanerCheckpoint(directory);
        this.throttle = new Throttle(config.ioBytesPerSecondMax(), System::nanoTime, this::pause);
    }

    /** Begins to compact. To be called when every partition has its topic's settings, and before anything is appended. */
    public static LogCleaner start(LogDirectory directory, CleanerConfig config, InstantSource clock, Threads threads) {
        LogCleaner cleaner = new LogCleaner(directory, config, clock);
        for (int i = 0; config.enabled() && i < config.threads(); i++) {
            ScheduledExecutorService thread = threads.scheduler("levada-log-cleaner-" + i);
            cleaner.threads.add(thread);
            thread.execute(() -> cleaner.turn(thread));
        }
        return cleaner;
    }

    /** Cleans one partition, and goes on with the next, at once if there was something to clean. */
    private void turn(ScheduledExecutorService thread) {
        long pauseNanos = config.backoff().toNanos();
        try {
            if (!isStopped() && cleanFilthiest()) {
                pauseNanos = 0;
            }
        } catch (Throwable e) {
            LOGGER.atError().setCause(e).log("looking for a partition to compact failed, it is tried again");
        } finally {
            goOn(thread, pauseNanos); // whatever it was: else nothing would ever be compacted again
        }
    }

    private void goOn(ScheduledExecutorService thread, long pauseNanos) {
        if (isStopped()) {
            return;
        }
        try {
            var next = thread.schedule(() -> turn(thread), pauseNanos, TimeUnit.NANOSECONDS);
            LOGGER.atTrace().addKeyValue("next", next).log("cleaner goes on");
        } catch (RejectedExecutionException closed) {
            LOGGER.atTrace().setCause(closed).log("cleaner has ended");
        }
    }

    private boolean isStopped() {
        return stop.getCount() == 0;
    }

    private void pause(long nanos) {
        try {
            // Woken early only by the end.
            boolean ended = stop.await(nanos, TimeUnit.NANOSECONDS);
            LOGGER.atTrace().addKeyValue("ended", ended).log("cleaner paused");
        } catch (InterruptedException e) {
            // Nobody interrupts these threads; a file that an interrupted thread uses would be closed for everyone.
            stop.countDown();
        }
    }

    /** Cleans the partition that gains most by it; false when none is worth it. */
    boolean cleanFilthiest() {
        long nowMs = clock.millis();
        Optional<DirtySection> section = take(nowMs);
        section.ifPresent(taken -> {
            try {
                clean(taken, nowMs);
            } finally {
                inProgress.remove(taken.log());
            }
        });
        return section.isPresent();
    }

    private synchronized Optional<DirtySection> take(long nowMs) {
        uncleanable.forget(this::isGone);
        Optional<DirtySection> filthiest = directory.logs().stream()
                .filter(log -> log.config().retention().compacts() && !log.hasFailed())
                .filter(log -> !inProgress.contains(log) && !uncleanable.rests(log, nowMs))
                .peek(log -> log.compaction().deleteFiles(nowMs))
                .flatMap(log -> section(log, nowMs).stream())
                .filter(DirtySection::isWorthwhile)
                .max(Comparator.comparingDouble(DirtySection::ratio));
        filthiest.ifPresent(section -> inProgress.add(section.log()));
        return filthiest;
    }

    private Optional<DirtySection> section(PartitionLog log, long nowMs) {
        try {
            return Optional.of(DirtySection.of(log, checkpoint.of(log), nowMs));
        } catch (RuntimeException e) {
            failed(log, e);
            return Optional.empty();
        }
    }

    private void clean(DirtySection section, long nowMs) {
        PartitionLog log = section.log();
        Cleaning cleaning = new Cleaning(section, throttle, () -> isStopped() || isGone(log), nowMs);
        try {
            OffsetMap map = new OffsetMap(slots(section), config.loadFactor());
            cleaning.run(map);
            LOGGER.atDebug()
                    .addKeyValue("topic", log.partition().topic())
                    .addKeyValue("partition", log.partition().partition())
                    .addKeyValue("keys", map.size())
                    .addKeyValue("from", section.from())
                    .addKeyValue("to", cleaning.reached())
                    .addKeyValue("bytesBefore", section.cleanBytes() + section.dirtyBytes())
                    .addKeyValue("bytesAfter", log.sizeInBytes())
                    .log("partition compacted");
            cleaned(log);
        } catch (IOException | RuntimeException | Error e) {
            failed(log, e);
        }
        note(log, section.from(), cleaning.reached());
    }

    /**
     * Also of a pass that ended early. A note that cannot be written is kept in memory and goes with the next one; the pass itself did what
     * it did. If the broker stops before, the next start compacts more than it needs to.
     */
    private void note(PartitionLog log, long from, long reached) {
        try {
            if (reached > from) {
                checkpoint.reached(log, reached);
                notesFailed.set(0);
            }
        } catch (RuntimeException e) {
            int times = notesFailed.incrementAndGet();
            if (Integer.bitCount(times) == 1) {
                LOGGER.atWarn()
                        .setCause(e)
                        .addKeyValue("topic", log.partition().topic())
                        .addKeyValue("partition", log.partition().partition())
                        .addKeyValue("reached", reached)
                        .addKeyValue("times", times)
                        .log(
                                "how far partitions are compacted could not be noted; it is tried again with the next pass");
            }
        }
    }

    /** As many as the dirty part can have keys, within what is allowed: a small topic takes little memory. */
    private int slots(DirtySection section) {
        double wanted = section.offsets() / config.loadFactor() + 2;
        return (int) Math.max(2, Math.min(wanted, config.slotsMax()));
    }

    private boolean isGone(PartitionLog log) {
        return directory.log(log.partition()).filter(log::equals).isEmpty();
    }

    private void failed(PartitionLog log, Throwable cause) {
        if (isStopped() || isGone(log) || log.hasFailed() || hasTakenSegments(log, cause)) {
            LOGGER.atDebug().setCause(cause).addKeyValue("log", log).log("cleaning ended, its segments have gone");
            return;
        }
        synchronized (this) {
            uncleanable.failed(log, cause, clock.millis());
        }
    }

    private synchronized void cleaned(PartitionLog log) {
        uncleanable.cleaned(log);
    }

    /** Retention took a segment away while it was read: the next pass finds the others. Nobody of ours took one that is in the log. */
    private static boolean hasTakenSegments(PartitionLog log, Throwable cause) {
        return isOfAClosedFile(cause) && log.compaction().missingFile().isEmpty();
    }

    private static boolean isOfAClosedFile(@Nullable Throwable cause) {
        return cause != null
                && (cause instanceof ClosedChannelException
                        || cause instanceof NoSuchFileException
                        || isOfAClosedFile(cause.getCause()));
    }

    /** Ends the threads; a pass that runs stops at its next segment or pause, and is waited for. */
    @Override
    public void close() {
        stop.countDown();
        threads.forEach(ScheduledExecutorService::shutdown);
        for (ScheduledExecutorService thread : threads) {
            try {
                if (!thread.awaitTermination(CLOSE_MAX.toMillis(), TimeUnit.MILLISECONDS)) {
                    LOGGER.atWarn().addKeyValue("waited", CLOSE_MAX).log("a pass of the cleaner still runs");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
