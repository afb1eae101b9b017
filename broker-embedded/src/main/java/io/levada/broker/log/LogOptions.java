/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.files.OpenFiles;
import java.time.Duration;

/**
 * What holds for every partition of a directory.
 *
 * @param flush when an append counts as durable
 * @param producerIdExpiration after how long of silence an idempotent producer is forgotten ({@code producer.id.expiration.ms})
 * @param recoveryThreads how many partitions are recovered at once, at least 1
 * @param flushThreads how many partitions are forced at once, at least 1
 * @param openFilesMax how many log files may be open at once, at least 1
 */
public record LogOptions(
        FlushPolicy flush, Duration producerIdExpiration, int recoveryThreads, int flushThreads, int openFilesMax) {
    private static final int FLUSH_THREADS = 4;

    public LogOptions {
        if (recoveryThreads < 1 || flushThreads < 1 || openFilesMax < 1) {
            throw new IllegalArgumentException("recoveryThreads=" + recoveryThreads + ", flushThreads=" + flushThreads
                    + " and openFilesMax=" + openFilesMax + " must be at least 1");
        }
    }

    /**
     * Kafka's expiration of a day; recovery by all processors up to four; flush threads wait for the disk, not for a processor; as many open files as
     * {@link OpenFiles#defaultMax}.
     */
    public static LogOptions of(FlushPolicy flush) {
        int recoveryThreads = Math.min(4, Runtime.getRuntime().availableProcessors());
        return new LogOptions(flush, Duration.ofDays(1), recoveryThreads, FLUSH_THREADS, OpenFiles.defaultMax());
    }

    /** The same with another bound of open files; 0 or less for the default. */
    public LogOptions withOpenFilesMax(int max) {
        return new LogOptions(
                flush, producerIdExpiration, recoveryThreads, flushThreads, max > 0 ? max : OpenFiles.defaultMax());
    }
}
