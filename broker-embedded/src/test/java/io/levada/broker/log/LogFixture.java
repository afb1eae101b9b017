/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.producers.Admission;
import io.levada.broker.log.producers.TransactionVersion;
import io.levada.broker.log.records.AppendOrigin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;

/** A data directory with one partition, which tests stop, kill, damage and open again. */
public final class LogFixture implements AutoCloseable {
    public static final TopicPartition ORDERS = new TopicPartition("orders", 0);

    private static final int CROWDED = 2;

    final Path dir;
    public final ManualClock clock = new ManualClock();
    private final FlushPolicy flush;
    private final LogFiles files;
    private final int openFilesMax;
    private LogConfig config;
    private LogDirectory directory;

    private LogFixture(Path dir, FlushPolicy flush, LogFiles files, int openFilesMax, LogConfig config, boolean isNew) {
        this.dir = dir;
        this.flush = flush;
        this.files = files;
        this.openFilesMax = openFilesMax;
        this.config = config;
        this.directory = open(dir);
        if (isNew) {
            this.directory.create(ORDERS, Uuid.randomUuid(), config);
        } else {
            this.directory.close();
        }
    }

    /** A directory that is there already, closed; it was opened once, which changes nothing that was acknowledged. */
    static LogFixture at(Path dir, String... keysAndValues) {
        return new LogFixture(dir, FlushPolicy.OS, LogFiles.SYSTEM, CROWDED, config(keysAndValues), false);
    }

    /** Appends are readable at once. */
    public static LogFixture in(Path dir, String... keysAndValues) {
        return new LogFixture(dir, FlushPolicy.OS, LogFiles.SYSTEM, CROWDED, config(keysAndValues), true);
    }

    /** Appends are readable once forced. The disk may stall: a file that has to give way would wait for it. */
    static LogFixture forced(Path dir, LogFiles files, String... keysAndValues) {
        return new LogFixture(dir, FlushPolicy.FSYNC, files, OpenFiles.defaultMax(), config(keysAndValues), true);
    }

    /** Appends are readable once forced; files give way all the time. */
    static LogFixture crowded(Path dir, LogFiles files, String... keysAndValues) {
        return new LogFixture(dir, FlushPolicy.FSYNC, files, CROWDED, config(keysAndValues), true);
    }

    public static LogConfig config(String... keysAndValues) {
        // Times in tests are small numbers or the clock's.
        Map<String, String> settings = new HashMap<>(Map.of("message.timestamp.after.max.ms", "" + Long.MAX_VALUE));
        for (int i = 0; i < keysAndValues.length; i += 2) {
            settings.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        return LogConfig.from(settings);
    }

    private LogDirectory open(Path where) {
        return LogDirectory.open(where, config, LogOptions.of(flush).withOpenFilesMax(openFilesMax), clock, files);
    }

    LogDirectory directory() {
        return directory;
    }

    public PartitionLog log() {
        return directory.log(ORDERS).orElseThrow();
    }

    Path folder() {
        return dir.resolve("orders-0");
    }

    Path file(long baseOffset, String suffix) {
        return LogFileNames.file(folder(), baseOffset, suffix);
    }

    public void reconfigure(String... keysAndValues) {
        config = config(keysAndValues);
        log().updateConfig(config);
    }

    void reopen() {
        directory.close();
        directory = open(dir);
    }

    /** The files as a kill at this moment leaves them, in a directory of their own. */
    Path killedCopy(Path target) {
        try (Stream<Path> all = Files.walk(dir)) {
            for (Path file : all.toList()) {
                Path copy = target.resolve(dir.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(copy);
                } else {
                    Files.copy(file, copy);
                }
            }
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Closes, then makes the next start believe that the process was killed before anything was forced. */
    void kill() {
        killWhenForcedTo(0);
    }

    /** Closes, then makes the next start believe that the process was killed when everything below an offset had been forced. */
    void killWhenForcedTo(long recoveryPoint) {
        directory.close();
        try {
            Files.deleteIfExists(dir.resolve(".kafka_cleanshutdown"));
            new OffsetCheckpoint(dir, OffsetCheckpoint.RECOVERY_POINT).write(Map.of(ORDERS, recoveryPoint));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    void stop() {
        directory.close();
    }

    void start() {
        directory = open(dir);
    }

    static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Appends a batch that begins a transaction, with the admission that it needs. */
    Appended begin(long producerId, int epoch, int sequence, String... values) {
        Admission admission = log().admit(producerId, (short) epoch, sequence, TransactionVersion.BEFORE_2);
        return log().append(Batches.transactional(producerId, epoch, sequence, values), AppendOrigin.CLIENT, admission);
    }

    Appended commit(long producerId, int epoch) {
        return log().endTransaction(producerId, (short) epoch, 0, TransactionResult.COMMIT);
    }

    Appended abort(long producerId, int epoch) {
        return log().endTransaction(producerId, (short) epoch, 0, TransactionResult.ABORT);
    }

    /** The values that a consumer of committed records gets, in order, fetched in small pieces. */
    static List<String> committed(PartitionLog log, int fetchBytes) {
        List<String> values = new ArrayList<>();
        long offset = log.logStartOffset();
        while (offset < log.lastStableOffset()) {
            Fetched fetched = log.read(offset, fetchBytes, true, IsolationLevel.READ_COMMITTED);
            long next = new CommittedReader(fetched).read(offset, values);
            if (next == offset) {
                return values;
            }
            offset = next;
        }
        return values;
    }

    List<String> committed() {
        return committed(log(), 200);
    }

    List<String> values() {
        return values(log());
    }

    /** Everything readable, in order, fetched in small pieces. */
    static List<String> values(PartitionLog log) {
        List<String> values = new ArrayList<>();
        long offset = log.logStartOffset();
        while (offset < log.highWatermark()) {
            Fetched fetched = log.read(offset, 200, true);
            if (fetched.isEmpty()) {
                break; // nothing is left of what was up to the end
            }
            for (RecordBatch batch : fetched.records().batches()) {
                for (Record record : batch) {
                    if (record.offset() >= offset && !batch.isControlBatch()) {
                        values.add(new String(Utils.toArray(record.value()), StandardCharsets.UTF_8));
                    }
                }
                offset = batch.nextOffset();
            }
        }
        return values;
    }

    @Override
    public void close() {
        directory.close();
    }
}
