/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.CorruptIndexException;
import io.levada.broker.log.files.LogFile;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.spelling.FailureText;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.record.internal.FileRecords.LogOffsetPosition;
import org.apache.kafka.common.record.internal.FileRecords.TimestampAndOffset;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One log file with its two indexes. The last segment of a partition is active, appended to under the partition's lock;
 * the others are sealed and only read. Reads need no lock in either.
 */
public final class Segment {
    private static final Logger LOGGER = LoggerFactory.getLogger(Segment.class);

    private final Path folder;
    private final long baseOffset;
    private final LogFile file;
    private final OffsetIndex offsets;
    private final TimeIndex times;
    private final TransactionIndex transactions;
    private final int indexIntervalBytes;
    private final long createdMs;

    /** Whether index files are there that an append puts out of date. */
    private boolean indexedOnDisk;

    /** Whether the file knows a younger batch than its index on disk does. */
    private boolean indexIsBehind;

    private int bytesSinceIndexEntry;
    private long firstTimestampMs = RecordBatch.NO_TIMESTAMP;
    private volatile LargestTimestamp largest;

    Segment(
            Path folder,
            long baseOffset,
            LogFile file,
            OffsetIndex offsets,
            TimeIndex times,
            TransactionIndex transactions,
            LogConfig.Segment config,
            long createdMs) {
        this.folder = folder;
        this.baseOffset = baseOffset;
        this.file = file;
        this.offsets = offsets;
        this.times = times;
        this.transactions = transactions;
        this.indexIntervalBytes = config.indexIntervalBytes();
        this.createdMs = createdMs;
        this.largest = times.last();
        file.onGivenBack(this::releaseIndexes);
    }

    /** Makes a new, empty segment; its name is not on disk yet. */
    public static Segment create(Path folder, long baseOffset, LogConfig.Segment config, long nowMs, OpenFiles open)
            throws IOException {
        LogFile file = LogFile.open(LogFileNames.file(folder, baseOffset, LogFileNames.LOG), open);
        return unindexed(folder, baseOffset, file, config, nowMs);
    }

    /** A segment whose indexes are empty, to be filled by {@link #index}. */
    public static Segment unindexed(
            Path folder, long baseOffset, LogFile file, LogConfig.Segment config, long createdMs) {
        Path offsetFile = LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX);
        Path timeFile = LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX);
        return new Segment(
                folder,
                baseOffset,
                file,
                OffsetIndex.empty(offsetFile, baseOffset, config.indexBytes()),
                TimeIndex.empty(timeFile, baseOffset, config.indexBytes()),
                TransactionIndex.empty(LogFileNames.file(folder, baseOffset, LogFileNames.TRANSACTION_INDEX)),
                config,
                createdMs);
    }

    /**
     * A segment with the indexes it was sealed with.
     *
     * @throws CorruptIndexException or another IOException when an index is missing or does not fit
     */
    public static Segment indexed(Path folder, long baseOffset, LogFile file, LogConfig.Segment config, long createdMs)
            throws IOException {
        Path offsetFile = LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX);
        Path timeFile = LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX);
        OffsetIndex offsets = OffsetIndex.open(offsetFile, baseOffset, config.indexBytes(), file.sizeInBytes());
        TimeIndex times = TimeIndex.open(timeFile, baseOffset, config.indexBytes());
        TransactionIndex transactions = TransactionIndex.open(
                LogFileNames.file(folder, baseOffset, LogFileNames.TRANSACTION_INDEX), baseOffset);
        Segment segment = new Segment(folder, baseOffset, file, offsets, times, transactions, config, createdMs);
        segment.indexedOnDisk = true;
        segment.requireFittingIndex();
        return segment;
    }

    /** A segment that compaction writes, under names that a start removes until {@link SegmentSwap} gives it others. */
    static Segment draft(Path folder, long baseOffset, LogConfig.Segment config, long createdMs, OpenFiles open)
            throws IOException {
        return new Segment(
                folder,
                baseOffset,
                LogFile.open(LogFileNames.file(folder, baseOffset, LogFileNames.LOG + LogFileNames.CLEANED), open),
                OffsetIndex.empty(
                        LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX + LogFileNames.CLEANED),
                        baseOffset,
                        config.indexBytes()),
                TimeIndex.empty(
                        LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX + LogFileNames.CLEANED),
                        baseOffset,
                        config.indexBytes()),
                TransactionIndex.empty(
                        LogFileNames.file(folder, baseOffset, LogFileNames.TRANSACTION_INDEX + LogFileNames.CLEANED)),
                config,
                createdMs);
    }

    /** This draft's file with the indexes that were written for it, once all have their names. No other file is opened: a limit of those must not end a swap. */
    public Segment sealedUnderItsName(LogConfig.Segment config) throws IOException {
        Path offsetFile = LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX);
        Path timeFile = LogFileNames.file(folder, baseOffset, LogFileNames.TIME_INDEX);
        return new Segment(
                folder,
                baseOffset,
                file,
                OffsetIndex.open(offsetFile, baseOffset, config.indexBytes(), sizeInBytes()),
                TimeIndex.open(timeFile, baseOffset, config.indexBytes()),
                TransactionIndex.open(
                        LogFileNames.file(folder, baseOffset, LogFileNames.TRANSACTION_INDEX), baseOffset),
                config,
                createdMs);
    }

    public long baseOffset() {
        return baseOffset;
    }

    public int sizeInBytes() {
        return file.sizeInBytes();
    }

    public LogFile file() {
        return file;
    }

    /** The aborted transactions whose marker is in this segment. */
    public TransactionIndex transactions() {
        return transactions;
    }

    public LargestTimestamp largestTimestamp() {
        return largest;
    }

    /** When this segment's age counts from: its first record's time, or its creation where records carry none. */
    private long rollsFromMs() {
        return firstTimestampMs >= 0 ? firstTimestampMs : createdMs;
    }

    /** The youngest time known of it, which retention compares: its largest timestamp, else when its file was made. */
    public long retainedFromMs() {
        return largest.timestampMs() >= 0 ? largest.timestampMs() : createdMs;
    }

    public void append(MemoryRecords batches) throws IOException {
        if (indexedOnDisk) {
            takeBackIndexes();
        }
        int position = file.sizeInBytes();
        file.append(batches);
        for (RecordBatch batch : batches.batches()) {
            index(batch, position);
            position += batch.sizeInBytes();
        }
    }

    /** A start after a kill must not take indexes for whole that the last clean stop left: without the first of them it rebuilds all. */
    private void takeBackIndexes() throws IOException {
        offsets.entries().load();
        times.entries().load();
        transactions.entries().load();
        Files.deleteIfExists(LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX));
        indexedOnDisk = false;
    }

    /** Notes a batch that is in the file at {@code position}. */
    void index(RecordBatch batch, int position) {
        if (firstTimestampMs < 0) {
            firstTimestampMs = batch.maxTimestamp();
        }
        largest = largest.with(batch);
        if (bytesSinceIndexEntry > indexIntervalBytes) {
            offsets.append(batch.lastOffset(), position);
            addTime();
            bytesSinceIndexEntry = 0;
        }
        bytesSinceIndexEntry += batch.sizeInBytes();
    }

    /** The last place is kept for the largest timestamp of all. */
    private void addTime() {
        if (!times.isFull()) {
            times.append(largest);
        }
    }

    /**
     * Takes note of the records from the last index entry on, which only the file itself shows.
     *
     * @param isLast whether it takes the next appends, which asks how old it is
     */
    public SegmentScan.Result readTail(boolean isLast) throws IOException {
        SegmentScan.Result tail = SegmentScan.headers(this, offsets.lastPosition());
        if (tail.largest().timestampMs() > largest.timestampMs()) {
            largest = tail.largest();
            indexIsBehind = true;
        }
        if (isLast) {
            firstTimestampMs = readFirstTimestampMs();
        }
        releaseIndexes();
        return tail;
    }

    /** The largest timestamp of the first batch, or {@link RecordBatch#NO_TIMESTAMP}. Reads the file. */
    long firstBatchTimestampMs() {
        try {
            return readFirstTimestampMs();
        } catch (IOException | UncheckedIOException | KafkaException e) {
            throw unreadable(e);
        }
    }

    private long readFirstTimestampMs() throws IOException {
        return file.reading(records -> {
            var first = records.batchIterator();
            return first.hasNext() ? first.next().maxTimestamp() : RecordBatch.NO_TIMESTAMP;
        });
    }

    /** What is in files is read again when it is needed. */
    private void releaseIndexes() {
        offsets.entries().release();
        times.entries().release();
        transactions.entries().release();
    }

    /** An index of another file, or of what this file was before, sends readers astray: its last entry tells. */
    private void requireFittingIndex() throws IOException {
        OptionalLong indexed = offsets.lastOffset();
        if (indexed.isEmpty()) {
            return;
        }
        try {
            boolean fits = file.reading(records -> {
                var batches = records.batchesFrom(offsets.lastPosition()).iterator();
                return batches.hasNext() && batches.next().lastOffset() == indexed.getAsLong();
            });
            if (fits) {
                return;
            }
        } catch (CorruptRecordException astray) {
            LOGGER.atDebug().setCause(astray).addKeyValue("segment", this).log("index points between batches");
        }
        throw new CorruptIndexException(
                LogFileNames.file(folder, baseOffset, LogFileNames.OFFSET_INDEX), "it does not fit its log file");
    }

    public boolean mustRollBefore(
            MemoryRecords batches,
            long lastOffset,
            long timestampMs,
            long nowMs,
            LogConfig.Segment config,
            long jitterMs) {
        if (sizeInBytes() == 0) {
            return false;
        }
        long ageMs = firstTimestampMs >= 0 && timestampMs >= 0 ? timestampMs - firstTimestampMs : nowMs - rollsFromMs();
        return sizeInBytes() > config.bytes() - batches.sizeInBytes()
                || ageMs > config.ms() - jitterMs
                || offsets.isFull()
                || times.isFull()
                || lastOffset - baseOffset > Integer.MAX_VALUE;
    }

    /** The batch that holds {@code offset}, or the first one after it; null when there is none. */
    @Nullable
    public LogOffsetPosition find(long offset) {
        try {
            return file.search(offset, offsets.positionBefore(offset));
        } catch (IOException | UncheckedIOException | KafkaException e) {
            throw unreadable(e);
        }
    }

    /** Kafka's file classes wrap what the disk says, and that a batch cannot be decompressed, into an exception of no kind. */
    private ApiException unreadable(Exception cause) {
        return cause instanceof ApiException known
                ? known
                : new KafkaStorageException("cannot read " + this + ": " + FailureText.of(cause), cause);
    }

    /** An offset that every record before {@code position} is below, where the index tells one. */
    public OptionalLong offsetFrom(int position) {
        return offsets.offsetFrom(position);
    }

    /** The first record from {@code fromOffset} on that is at least as young. */
    public Optional<TimestampedOffset> find(long timestampMs, long fromOffset, int maxDecompressedBytes) {
        try {
            return search(timestampMs, fromOffset, maxDecompressedBytes);
        } catch (IOException | UncheckedIOException | KafkaException e) {
            throw unreadable(e);
        }
    }

    private Optional<TimestampedOffset> search(long timestampMs, long fromOffset, int maxDecompressedBytes)
            throws IOException {
        long start = Math.max(fromOffset, times.offsetBefore(timestampMs));
        int position = offsets.positionBefore(start);
        return Optional.ofNullable(file.reading(
                        records -> records.searchForTimestamp(timestampMs, position, fromOffset, maxDecompressedBytes)))
                .map(Segment::timestamped);
    }

    private static TimestampedOffset timestamped(TimestampAndOffset found) {
        return new TimestampedOffset(
                found.offset, found.timestamp, found.leaderEpoch.orElse(RecordBatch.NO_PARTITION_LEADER_EPOCH));
    }

    /**
     * Puts everything on disk and drops from memory what can be read from there. No append may follow. Indexes that cannot be written
     * stay in memory and are rebuilt by the next start: only the records themselves decide about data.
     */
    public void seal() throws IOException {
        file.forceWritten();
        try {
            writeIndexes();
            offsets.entries().forget();
            times.entries().forget();
            transactions.entries().forget();
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).addKeyValue("segment", this).log("indexes not written");
        }
    }

    /** The offset index comes last: where it is, the others are whole. */
    public void writeIndexes() throws IOException {
        if (indexedOnDisk && !indexIsBehind) {
            return; // nothing was appended since they were read
        }
        times.append(largest);
        transactions.write();
        times.entries().write();
        offsets.entries().write();
    }

    /** Lets go of the file without a flush. */
    public void close() throws IOException {
        file.close();
    }

    /** Takes the files out of the partition; readers that hold a slice go on until {@link #deleteFiles}. */
    public void markDeleted() throws IOException {
        markReplaced(LogFiles.SYSTEM);
        Files.deleteIfExists(LogFileNames.file(folder, baseOffset, LogFileNames.SNAPSHOT));
    }

    /** As {@link #markDeleted} for a segment whose records another segment holds: what is known of producers stays. */
    void markReplaced(LogFiles files) throws IOException {
        keepIndexesForReaders();
        file.rename(nameOfADeletedOne());
        for (String suffix : LogFileNames.INDEXES) {
            files.delete(LogFileNames.file(folder, baseOffset, suffix));
        }
    }

    /** One that is free: a segment that had this place before may not be gone yet, and readers go on with it. */
    private Path nameOfADeletedOne() {
        Path name = LogFileNames.file(folder, baseOffset, LogFileNames.LOG + LogFileNames.DELETED);
        for (int i = 1; Files.exists(name); i++) {
            name = LogFileNames.file(folder, baseOffset, LogFileNames.LOG + "." + i + LogFileNames.DELETED);
        }
        return name;
    }

    /** A reader that has found this segment may be about to map its indexes, whose files are going. */
    private void keepIndexesForReaders() {
        keep(offsets.entries());
        keep(times.entries());
        keep(transactions.entries());
    }

    private void keep(IndexEntries entries) {
        try {
            entries.keep();
        } catch (UncheckedIOException e) {
            LOGGER.atDebug().setCause(e).addKeyValue("segment", this).log("index of a segment that goes not mapped");
        }
    }

    public void deleteFiles() throws IOException {
        close();
        Files.deleteIfExists(file.path());
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
