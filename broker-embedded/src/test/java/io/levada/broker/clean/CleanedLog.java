/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.Appended;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.records.AppendOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/** A compacted partition in a directory of its own, with a cleaner that runs when told, and readers as clients are. */
final class CleanedLog implements AutoCloseable, InstantSource {
    static final TopicPartition USERS = new TopicPartition("users", 0);
    static final CleanerConfig AMPLE =
            new CleanerConfig(true, 1, 1 << 20, 0.9, Double.MAX_VALUE, Duration.ofMillis(10));

    final Path dir;
    private final LogFiles files;
    private final CleanerConfig limits;
    private LogConfig config;
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private LogDirectory directory;
    private LogCleaner cleaner;

    CleanedLog(Path dir, CleanerConfig limits, String... keysAndValues) {
        this(dir, LogFiles.SYSTEM, limits, keysAndValues);
    }

    CleanedLog(Path dir, LogFiles files, CleanerConfig limits, String... keysAndValues) {
        this.dir = dir;
        this.files = files;
        this.limits = limits;
        this.config = config(keysAndValues);
        this.directory = open();
        this.directory.create(USERS, Uuid.randomUuid(), config);
        this.cleaner = new LogCleaner(directory, limits, this);
    }

    private LogDirectory open() {
        // On a disk that fails, a file that gives way would be the one that it fails for.
        LogOptions options = LogOptions.of(FlushPolicy.FSYNC).withOpenFilesMax(files == LogFiles.SYSTEM ? 2 : 0);
        return LogDirectory.open(dir, config, options, this, files);
    }

    static LogConfig config(String... keysAndValues) {
        Map<String, String> settings = new HashMap<>(Map.of(
                "cleanup.policy", "compact",
                "segment.bytes", "1024",
                "index.interval.bytes", "200",
                "min.cleanable.dirty.ratio", "0",
                "message.timestamp.after.max.ms", "" + Long.MAX_VALUE));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return LogConfig.from(settings);
    }

    @Override
    public Instant instant() {
        return now;
    }

    void advance(Duration by) {
        now = now.plus(by);
    }

    LogDirectory directory() {
        return directory;
    }

    PartitionLog log() {
        return directory.log(USERS).orElseThrow();
    }

    LogCleaner cleaner() {
        return cleaner;
    }

    void reconfigure(String... keysAndValues) {
        config = config(keysAndValues);
        log().updateConfig(config);
    }

    /** Passes until nothing is worth one. */
    int clean() {
        int passes = 0;
        while (passes < 100 && cleaner.cleanFilthiest()) {
            passes++;
        }
        return passes;
    }

    /** Stops and starts; without snapshots the log alone tells of producers. */
    void restart(boolean withSnapshots) {
        directory.close();
        if (!withSnapshots) {
            files().filter(file -> file.toString().endsWith(".snapshot")).forEach(CleanedLog::delete);
        }
        directory = open();
        cleaner = new LogCleaner(directory, limits, this);
    }

    /** Starts again as after a kill in front of the note of a pass, with another policy. */
    void restartAfterAKill(String... keysAndValues) {
        directory.close();
        delete(dir.resolve("cleaner-offset-checkpoint"));
        delete(dir.resolve(".kafka_cleanshutdown"));
        config = config(keysAndValues);
        directory = open();
        cleaner = new LogCleaner(directory, limits, this);
    }

    Stream<Path> files() {
        try (Stream<Path> all = Files.list(dir.resolve("users-0"))) {
            return all.toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SimpleRecord record(String key, @Nullable String value) {
        return new SimpleRecord(now.toEpochMilli(), bytes(key), value == null ? null : bytes(value));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    long put(String key, @Nullable String value) {
        return put(Compression.NONE, record(key, value));
    }

    long put(Compression compression, SimpleRecord... records) {
        return durably(log().append(MemoryRecords.withRecords(compression, records)));
    }

    long putIdempotent(long producerId, int sequence, SimpleRecord... records) {
        return durably(log().append(MemoryRecords.withIdempotentRecords(
                Compression.NONE, producerId, (short) 0, sequence, records)));
    }

    long putInTransaction(long producerId, int sequence, SimpleRecord... records) {
        return durably(log().append(
                        MemoryRecords.withTransactionalRecords(
                                Compression.NONE, producerId, (short) 0, sequence, records),
                        AppendOrigin.CLIENT,
                        log().admit(producerId, (short) 0)));
    }

    void end(long producerId, boolean commit) {
        durably(log().endTransaction(
                        producerId, (short) 0, 0, commit ? TransactionResult.COMMIT : TransactionResult.ABORT));
    }

    private long durably(Appended appended) {
        log().durable(appended.nextOffset()).join();
        return appended.baseOffset();
    }

    /** So many records of another key that everything before them is in sealed segments. */
    void fillSegments() {
        for (int i = 0; i < 3; i++) {
            put("filler", "x".repeat(700));
        }
    }

    /** One record as a reader sees it. */
    record Seen(long offset, String key, @Nullable String value) {}

    /** What a consumer reads, with its own handling of aborted transactions. */
    List<Seen> read(IsolationLevel isolation) {
        List<Seen> seen = new ArrayList<>();
        Set<Long> aborted = new HashSet<>();
        long offset = log().logStartOffset();
        while (offset < log().endOffset(isolation)) {
            long before = offset;
            var fetched = log().read(offset, 400, true, isolation);
            var coming = new ArrayList<>(fetched.abortedTransactions());
            for (RecordBatch batch : fetched.records().batches()) {
                batch.ensureValid();
                while (!coming.isEmpty() && coming.get(0).firstOffset() <= batch.lastOffset()) {
                    aborted.add(coming.remove(0).producerId());
                }
                if (batch.isControlBatch()) {
                    var marker = batch.iterator();
                    if (marker.hasNext()
                            && ControlRecordType.parse(marker.next().key()) == ControlRecordType.ABORT) {
                        aborted.remove(batch.producerId());
                    }
                } else if (!batch.isTransactional()
                        || !aborted.contains(batch.producerId())
                        || isolation == IsolationLevel.READ_UNCOMMITTED) {
                    for (Record record : batch) {
                        if (record.offset() >= offset) {
                            seen.add(seen(record));
                        }
                    }
                }
                offset = Math.max(offset, batch.nextOffset());
            }
            if (offset == before) {
                break; // What is left up to the end was compacted away.
            }
        }
        return seen;
    }

    private static Seen seen(Record record) {
        return new Seen(
                record.offset(),
                text(Utils.toArray(record.key())),
                record.hasValue() ? text(Utils.toArray(record.value())) : null);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The last value of each key: what a table made of the log holds. */
    Map<String, String> table() {
        Map<String, String> table = new LinkedHashMap<>();
        for (Seen seen : read(IsolationLevel.READ_COMMITTED)) {
            if (seen.value() == null) {
                table.remove(seen.key());
            } else {
                table.put(seen.key(), seen.value());
            }
        }
        return table;
    }

    List<Seen> of(String key) {
        return read(IsolationLevel.READ_UNCOMMITTED).stream()
                .filter(seen -> seen.key().equals(key))
                .toList();
    }

    long bytes() {
        return log().sizeInBytes();
    }

    @Override
    public void close() {
        directory.close();
    }
}
