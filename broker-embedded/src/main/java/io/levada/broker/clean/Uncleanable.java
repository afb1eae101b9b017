/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.file.DamagedFileException;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.files.CorruptIndexException;
import io.levada.broker.log.recovery.DamagedLogException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions whose last pass failed. What may pass (a disk without room or descriptors, a heap without room) is tried again, after longer and longer; what is
 * in the files stays there, and such a partition is left alone until a restart. Used under the cleaner's monitor.
 */
final class Uncleanable {
    private static final Logger LOGGER = LoggerFactory.getLogger(Uncleanable.class);
    private static final long FIRST_PAUSE_MS = TimeUnit.SECONDS.toMillis(15);
    private static final int DOUBLINGS_MAX = 6; // to 16 minutes
    /** What has not passed by then is told as what does not pass by itself, though it is tried again. */
    private static final int TIMES_TOLD_AS_PASSING = 4;

    private static final long NEVER = Long.MAX_VALUE;

    private final Map<PartitionLog, Failure> failures = new HashMap<>();

    private record Failure(int times, long againAtMs) {}

    /** Whether it is not to be tried now. */
    boolean rests(PartitionLog log, long nowMs) {
        Failure failure = failures.get(log);
        return failure != null && nowMs < failure.againAtMs;
    }

    /** Notes a failure, and tells it. */
    void failed(PartitionLog log, Throwable cause, long nowMs) {
        int times = failures.containsKey(log) ? failures.get(log).times + 1 : 1;
        if (mayPass(cause)) {
            long pauseMs = FIRST_PAUSE_MS << Math.min(times - 1, DOUBLINGS_MAX);
            failures.put(log, new Failure(times, nowMs + pauseMs));
            (times > TIMES_TOLD_AS_PASSING ? LOGGER.atError() : LOGGER.atWarn())
                    .setCause(cause)
                    .addKeyValue("topic", log.partition().topic())
                    .addKeyValue("partition", log.partition().partition())
                    .addKeyValue("failures", times)
                    .addKeyValue("againInSeconds", TimeUnit.MILLISECONDS.toSeconds(pauseMs))
                    .log(
                            times > TIMES_TOLD_AS_PASSING
                                    ? "partition can still not be compacted and grows until it is. Look at the disk and, with"
                                            + " 'levada storage verify', at its files"
                                    : "partition could not be compacted now and grows until it is");
        } else {
            failures.put(log, new Failure(times, NEVER));
            LOGGER.atError()
                    .setCause(cause)
                    .addKeyValue("topic", log.partition().topic())
                    .addKeyValue("partition", log.partition().partition())
                    .log("partition cannot be compacted and grows until a restart; others are. Look at its files with"
                            + " 'levada storage verify', mend or delete the topic, then restart");
        }
    }

    /** A pass went through. */
    void cleaned(PartitionLog log) {
        Failure failure = failures.remove(log);
        if (failure != null) {
            LOGGER.atInfo()
                    .addKeyValue("topic", log.partition().topic())
                    .addKeyValue("partition", log.partition().partition())
                    .addKeyValue("failures", failure.times)
                    .log("partition is compacted again");
        }
    }

    /** Forgets those that are not there any more. */
    void forget(Predicate<PartitionLog> gone) {
        failures.keySet().removeIf(gone);
    }

    private static boolean mayPass(Throwable cause) {
        if (cause instanceof UncheckedIOException || cause instanceof KafkaStorageException) {
            return cause.getCause() != null && mayPass(cause.getCause());
        }
        return cause instanceof OutOfMemoryError
                || (cause instanceof IOException
                        && !(cause instanceof DamagedFileException
                                || cause instanceof DamagedLogException
                                || cause instanceof CorruptIndexException));
    }
}
