/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.benchmarks;

import io.levada.broker.log.Appended;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.records.AppendOrigin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
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
 * What it costs that the records of a producer's batch are looked at (docs/decisions/0004): an append of 100 kB of records, to the page cache and no
 * further, as a producer's and as the broker's own, whose records are not looked at.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RecordInspectionBenchmark {
    private static final int BATCH_BYTES = 100_000;
    private static final TopicPartition PARTITION = new TopicPartition("inspected", 0);

    @Param({"100", "1000"})
    private int valueBytes;

    @Param({"NONE", "LZ4", "ZSTD"})
    private CompressionType codec = CompressionType.NONE;

    @Param({"CLIENT", "BROKER"})
    private AppendOrigin origin = AppendOrigin.CLIENT;

    private @Nullable Open open;

    @Setup(Level.Iteration)
    public void open() throws IOException {
        Path folder = Files.createTempDirectory("levada-inspect");
        LogDirectory directory =
                LogDirectory.open(folder, LogConfig.defaults(), FlushPolicy.OS, InstantSource.system());
        long now = InstantSource.system().millis();
        Random random = new Random(1);
        SimpleRecord[] records = IntStream.range(0, BATCH_BYTES / valueBytes)
                .mapToObj(i -> new SimpleRecord(
                        now, ("key" + i).getBytes(java.nio.charset.StandardCharsets.UTF_8), value(random)))
                .toArray(SimpleRecord[]::new);
        open = new Open(
                folder,
                directory,
                directory.create(PARTITION, Uuid.randomUuid(), LogConfig.defaults()),
                MemoryRecords.withRecords(Compression.of(codec).build(), records));
    }

    /** Letters, which compress to about two thirds. */
    private byte[] value(Random random) {
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < valueBytes; i++) {
            value[i] = (byte) ('a' + random.nextInt(16));
        }
        return value;
    }

    @Benchmark
    public Appended append() {
        Open current = Objects.requireNonNull(open);
        return current.log().append(current.batch(), origin);
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
