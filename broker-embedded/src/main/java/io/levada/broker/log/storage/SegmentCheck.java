/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import io.levada.broker.log.files.LogFileNames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;

/** Looks through one segment: every batch of its log file, and whether its indexes point at them. */
final class SegmentCheck implements BatchWalk.Visitor {
    private static final int TIME_ENTRY_BYTES = 12;
    private static final int OFFSET_ENTRY_BYTES = 8;
    private static final int TXN_ENTRY_BYTES = 34;
    /** A log file of 2 GiB has an entry every {@code index.interval.bytes}, which nobody sets below some hundred bytes; memory is what is to be spared. */
    private static final int INDEX_BYTES_MAX = 64 << 20;

    private final TopicPartition partition;
    private final Path folder;
    private final long baseOffset;
    private final Path log;
    private final Consumer<StorageProblem> told;
    private final List<StorageProblem> damages = new ArrayList<>();
    private ByteBuffer index = ByteBuffer.allocate(0);
    private boolean indexAgrees = true;
    private long batches;
    private long largestTimestampMs = Long.MIN_VALUE;
    private long end;

    SegmentCheck(TopicPartition partition, Path folder, long baseOffset, Consumer<StorageProblem> told) {
        this.partition = partition;
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.log = LogFileNames.file(folder, baseOffset, LogFileNames.LOG);
        this.told = told;
    }

    /** @param limitOffset where the next segment begins */
    SegmentCheck run(long limitOffset) throws IOException {
        Path file = LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX);
        if (Files.exists(file)) {
            index = content(file);
            if (index.limit() % OFFSET_ENTRY_BYTES != 0) {
                tellIndex(file, "its size is not a multiple of " + OFFSET_ENTRY_BYTES);
            }
        }
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            end = BatchWalk.over(channel, baseOffset, limitOffset, this);
        }
        if (index.remaining() >= OFFSET_ENTRY_BYTES && !isUnused(index)) {
            indexAgrees = false;
        }
        if (!indexAgrees) {
            tellIndex(file, "it does not fit its log file");
        }
        if (damages.isEmpty()) { // else they may tell of what is damaged; a repair has them made anew
            checkTimes();
            checkTransactions();
        }
        return this;
    }

    @Override
    public void batch(WalkedBatch batch) {
        batches++;
        largestTimestampMs = Math.max(largestTimestampMs, batch.maxTimestampMs());
        while (index.remaining() >= OFFSET_ENTRY_BYTES && !isUnused(index)) {
            int position = index.getInt(index.position() + Integer.BYTES);
            if (position > batch.position()) {
                return;
            }
            indexAgrees &=
                    position == batch.position() && baseOffset + index.getInt(index.position()) <= batch.lastOffset();
            index.position(index.position() + OFFSET_ENTRY_BYTES);
        }
    }

    /** What it says of batches that are damaged now was right. */
    private void skipIndexed(long from, long to) {
        while (index.remaining() >= OFFSET_ENTRY_BYTES && !isUnused(index)) {
            int position = index.getInt(index.position() + Integer.BYTES);
            if (position >= to) {
                return;
            }
            indexAgrees &= position >= from;
            index.position(index.position() + OFFSET_ENTRY_BYTES);
        }
    }

    /** Kafka makes an index as large as it may grow, in zeros, and takes the rest off when the segment is full. */
    private static boolean isUnused(ByteBuffer index) {
        int at = index.position();
        boolean isZero = index.getInt(at) == 0 && index.getInt(at + Integer.BYTES) == 0;
        return isZero && (at > 0 || isAllZero(index));
    }

    private static boolean isAllZero(ByteBuffer bytes) {
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            if (bytes.get(i) != 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void damage(long position, long bytes, long nextOffset, String what) {
        skipIndexed(position, position + bytes);
        damages.add(new StorageProblem(partition, StorageProblem.Kind.DAMAGE, log, position, nextOffset, bytes, what));
    }

    @Override
    public void tooOld(long position, int magic) {
        damages.add(new StorageProblem(
                partition,
                StorageProblem.Kind.UNUSABLE,
                log,
                position,
                -1,
                0,
                "record batches of format " + magic + ", written for Kafka before 0.11; only format 2 can be read"));
    }

    private void checkTimes() throws IOException {
        Path file = LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX);
        if (!Files.exists(file)) {
            return;
        }
        ByteBuffer times = content(file);
        if (times.limit() % TIME_ENTRY_BYTES != 0) {
            tellIndex(file, "its size is not a multiple of " + TIME_ENTRY_BYTES);
            return;
        }
        long before = Long.MIN_VALUE;
        while (times.hasRemaining() && !isAllZero(times)) {
            long timestampMs = times.getLong();
            int delta = times.getInt();
            if (timestampMs < before || timestampMs > largestTimestampMs || delta < 0 || baseOffset + delta >= end) {
                tellIndex(file, "it does not fit its log file");
                return;
            }
            before = timestampMs;
        }
    }

    private void checkTransactions() throws IOException {
        Path file = LogFileNames.file(folder, baseOffset, LogFileNames.TRANSACTION_INDEX);
        if (!Files.exists(file)) {
            return;
        }
        ByteBuffer aborted = content(file);
        if (aborted.limit() % TXN_ENTRY_BYTES != 0) {
            tellIndex(file, "its size is not a multiple of " + TXN_ENTRY_BYTES);
            return;
        }
        while (aborted.hasRemaining()) {
            short version = aborted.getShort();
            aborted.getLong();
            long first = aborted.getLong();
            long last = aborted.getLong();
            aborted.getLong();
            if (version != 0 || first > last || last < baseOffset || last >= end) {
                tellIndex(file, "it does not fit its log file");
                return;
            }
        }
    }

    /** Nothing of a file that is larger than any index: a start that meets it makes it anew. */
    private ByteBuffer content(Path file) throws IOException {
        if (Files.size(file) > INDEX_BYTES_MAX) {
            tellIndex(file, "it is larger than the index of any log file");
            return ByteBuffer.allocate(0);
        }
        return ByteBuffer.wrap(Files.readAllBytes(file));
    }

    private void tellIndex(Path file, String what) {
        told.accept(new StorageProblem(partition, StorageProblem.Kind.REBUILT, file, 0, -1, 0, what));
    }

    /** What is damaged in the log file, in its order. */
    List<StorageProblem> damages() {
        return damages;
    }

    long batches() {
        return batches;
    }

    /** The offset after the last whole batch. */
    long end() {
        return end;
    }
}
