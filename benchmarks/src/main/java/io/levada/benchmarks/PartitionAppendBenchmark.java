/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.benchmarks;

import io.levada.broker.log.Appended;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One append of a batch to a partition's log, to the page cache and no further: the cost of validation, offset assignment and the
 * write. Should hardly grow with the number of records, since batches are stored as received.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PartitionAppendBenchmark {
    private static final int VALUE_BYTES = 100;
    private static final TopicPartition PARTITION = new TopicPartition("appended", 0);

    @Param({"1", "100", "1000"})
    private int recordsPerBatch;

    private @Nullable Open open;

    /** A log of its own for each iteration, so that the disk does not fill. */
    @Setup(Level.Iteration)
    public void open() throws IOException {
        Path folder = Files.createTempDirectory("levada-append");
        LogDirectory directory =
                LogDirectory.open(folder, LogConfig.defaults(), FlushPolicy.OS, InstantSource.system());
        long now = InstantSource.system().millis();
        SimpleRecord[] records = IntStream.range(0, recordsPerBatch)
                .mapToObj(i -> new SimpleRecord(now, new byte[VALUE_BYTES]))
                .toArray(SimpleRecord[]::new);
        open = new Open(
                folder,
                directory,
                directory.create(PARTITION, Uuid.randomUuid(), LogConfig.defaults()),
                MemoryRecords.withRecords(Compression.NONE, records));
    }

    @Benchmark
    public Appended append() {
        Open current = Objects.requireNonNull(open);
        return current.log().append(current.batch());
    }

    @TearDown(Level.Iteration)
    public void close() throws IOException {
        Open current = Objects.requireNonNull(open);
        current.directory().close();
        try (Stream<Path> files = Files.walk(current.folder())) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private record Open(Path folder, LogDirectory directory, PartitionLog log, MemoryRecords batch) {}
}
