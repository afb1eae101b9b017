/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.apache.kafka.common.record.internal.MemoryRecords;

/**
 * A segment that is being written to take the place of others, under names that a start removes. Used by one thread; its offsets and
 * batches are written as they are given.
 */
public final class SegmentDraft {
    private static final List<String> SUFFIXES = List.of(
            LogFileNames.LOG, LogFileNames.OFFSET_INDEX, LogFileNames.TIME_INDEX, LogFileNames.TRANSACTION_INDEX);

    private final Path folder;
    private final Segment segment;
    private final LogFiles files;

    private SegmentDraft(Path folder, Segment segment, LogFiles files) {
        this.folder = folder;
        this.segment = segment;
        this.files = files;
    }

    /** Begins an empty one. What an earlier one left is removed first: a start takes the oldest draft as the sign of an undone split. */
    public static SegmentDraft begin(
            Path folder, long baseOffset, LogConfig.Segment config, long createdMs, OpenFiles open) throws IOException {
        try (var all = Files.list(folder)) {
            for (Path file : all.toList()) {
                if (file.getFileName().toString().endsWith(LogFileNames.CLEANED)) {
                    open.files().delete(file);
                }
            }
        }
        return new SegmentDraft(folder, Segment.draft(folder, baseOffset, config, createdMs, open), open.files());
    }

    /** Adds batches that follow those it has. */
    public void append(MemoryRecords batches) throws IOException {
        if (batches.sizeInBytes() > Integer.MAX_VALUE - segment.sizeInBytes()) {
            throw new IOException("the rewritten segment " + segment + " would be larger than 2 GiB");
        }
        segment.append(batches);
    }

    /** Names the aborted transactions of which it holds batches or the marker, in the order of their markers. */
    public void aborted(List<AbortedTransaction> transactions) {
        transactions.forEach(segment.transactions()::append);
    }

    public int sizeInBytes() {
        return segment.sizeInBytes();
    }

    public Segment segment() {
        return segment;
    }

    /** Puts everything on disk, with the age of the youngest segment it replaces. Nothing may follow. */
    public void finish(FileTime modified) throws IOException {
        segment.writeIndexes();
        Files.setLastModifiedTime(segment.file().path(), modified);
        segment.file().force();
    }

    /** Removes its files, also where a swap that failed had begun to rename them: a start would take those for indexes of the segment that is there. */
    public void discard() throws IOException {
        segment.close();
        for (String suffix : SUFFIXES) {
            files.delete(LogFileNames.file(folder, segment.baseOffset(), suffix + LogFileNames.CLEANED));
            files.delete(LogFileNames.file(folder, segment.baseOffset(), suffix + LogFileNames.SWAP));
        }
    }
}
