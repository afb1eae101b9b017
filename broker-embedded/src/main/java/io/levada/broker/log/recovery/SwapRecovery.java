/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.segment.SegmentSwap;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Completes at a start the replacement of segments that a stop interrupted ({@link SegmentSwap}, or Apache Kafka's cleaner), or takes it
 * back where it had not begun for good.
 */
public final class SwapRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(SwapRecovery.class);
    private static final List<String> SUFFIXES = List.of(
            LogFileNames.OFFSET_INDEX, LogFileNames.TIME_INDEX, LogFileNames.TRANSACTION_INDEX, LogFileNames.LOG);

    private final Path folder;
    private final LogFiles files;

    SwapRecovery(Path folder, LogFiles files) {
        this.folder = folder;
        this.files = files;
    }

    void run() throws IOException {
        List<Path> present;
        try (Stream<Path> all = Files.list(folder)) {
            present = all.toList();
        }
        // Kafka splits a segment into several: as long as one of them is a draft the segment itself is still there.
        long firstDraft = offsets(present, LogFileNames.CLEANED).min().orElse(Long.MAX_VALUE);
        for (long baseOffset :
                offsets(present, LogFileNames.SWAP).distinct().sorted().toArray()) {
            if (baseOffset >= firstDraft) {
                remove(baseOffset, LogFileNames.SWAP);
            } else if (Files.exists(file(baseOffset, LogFileNames.LOG + LogFileNames.SWAP))) {
                complete(baseOffset);
            } else {
                completeIndexes(baseOffset);
            }
        }
        for (long baseOffset : offsets(present, LogFileNames.CLEANED).distinct().toArray()) {
            remove(baseOffset, LogFileNames.CLEANED);
        }
    }

    private static LongStream offsets(List<Path> present, String ending) {
        return present.stream()
                .flatMap(file -> SUFFIXES.stream().map(suffix -> LogFileNames.offset(file, suffix + ending)))
                .filter(OptionalLong::isPresent)
                .mapToLong(OptionalLong::getAsLong);
    }

    private void complete(long baseOffset) throws IOException {
        long nextOffset = nextOffset(file(baseOffset, LogFileNames.LOG + LogFileNames.SWAP), baseOffset);
        List<Path> present;
        try (Stream<Path> all = Files.list(folder)) {
            present = all.toList();
        }
        // The first index takes its name when the old ones have all gone: files of that name are the new segment's
        // then.
        boolean oldHaveGone = Files.notExists(file(baseOffset, LogFileNames.OFFSET_INDEX + LogFileNames.SWAP));
        for (long old : offsets(present, "").distinct().sorted().toArray()) {
            if ((old > baseOffset && old < nextOffset) || (old == baseOffset && !oldHaveGone)) {
                remove(old, "");
            }
        }
        files.forceFolder(folder);
        for (String suffix : SUFFIXES) {
            rename(baseOffset, suffix);
        }
        files.forceFolder(folder);
        LOGGER.atInfo()
                .addKeyValue("segment", file(baseOffset, LogFileNames.LOG))
                .addKeyValue("offsets", baseOffset + ".." + (nextOffset - 1))
                .log("a compaction that was interrupted is completed");
    }

    /** The log of the new segment has its name, some of its indexes not yet. */
    private void completeIndexes(long baseOffset) throws IOException {
        boolean hasLog = Files.exists(file(baseOffset, LogFileNames.LOG));
        for (String suffix : LogFileNames.INDEXES) {
            if (hasLog) {
                rename(baseOffset, suffix);
            }
        }
        remove(baseOffset, LogFileNames.SWAP);
    }

    private void rename(long baseOffset, String suffix) throws IOException {
        Path swap = file(baseOffset, suffix + LogFileNames.SWAP);
        if (Files.exists(swap)) {
            files.rename(swap, file(baseOffset, suffix));
        }
    }

    private void remove(long baseOffset, String ending) throws IOException {
        for (String suffix : SUFFIXES) {
            files.delete(file(baseOffset, suffix + ending));
        }
    }

    /** It was forced before it got this name: if it is not whole the disk has damaged it, and the old segments are not given up for it. */
    private static long nextOffset(Path log, long baseOffset) throws IOException {
        long next = baseOffset;
        int position = 0;
        try (FileRecords records = FileRecords.open(log.toFile(), false)) {
            for (FileChannelRecordBatch batch : records.batches()) {
                batch.ensureValid();
                next = batch.nextOffset();
                position = batch.position() + batch.sizeInBytes();
            }
            if (position != records.sizeInBytes()) {
                throw damaged(log, position, "the last batch is not whole");
            }
        } catch (CorruptRecordException e) {
            throw damaged(log, position, String.valueOf(e.getMessage()));
        }
        return next;
    }

    private static LogDirectoryException damaged(Path log, int position, String what) {
        return new LogDirectoryException(
                log + " is the result of a compaction that was interrupted, and damaged at position "
                        + position + ": " + what
                        + ". The segments that it would replace are untouched; remove it to go on with those"
                        + " that are left");
    }

    private Path file(long baseOffset, String suffix) {
        return LogFileNames.file(folder, baseOffset, suffix);
    }
}
