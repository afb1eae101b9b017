/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.benchmarks;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.PartitionLog;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * What many partitions cost: makes as many as are asked for, with some records in each, stops, starts again, and prints times, open
 * files, maps, threads and heap. Arguments: an empty folder, the number of partitions, records per partition.
 */
public final class ManyPartitions {
    private static final int PER_TOPIC = 100;

    private ManyPartitions() {}

    public static void main(String[] args) throws IOException {
        Path dir = Path.of(args[0]);
        int partitions = Integer.parseInt(args[1]);
        int records = Integer.parseInt(args[2]);
        try (LogDirectory directory = open(dir)) {
            timed("make", () -> make(directory, partitions));
            timed("append", () -> append(directory, records));
            print("serving");
        }
        timed("start", () -> {
            try (LogDirectory directory = open(dir)) {
                print("started with " + directory.logs().size() + " partitions");
                timed("append to each", () -> append(directory, 1));
                print("after that");
            }
        });
        timed("start alone", () -> open(dir).close());
    }

    private static LogDirectory open(Path dir) {
        long from = System.nanoTime();
        LogDirectory directory =
                LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
        System.out.printf("opened in %d ms%n", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
        return directory;
    }

    private static void make(LogDirectory directory, int partitions) {
        for (int from = 0; from < partitions; from += PER_TOPIC) {
            int first = from;
            List<TopicPartition> topic = IntStream.range(first, Math.min(partitions, first + PER_TOPIC))
                    .mapToObj(i -> new TopicPartition("topic-" + first / PER_TOPIC, i - first))
                    .toList();
            directory.createAll(topic, Uuid.randomUuid(), LogConfig.defaults());
        }
    }

    private static void append(LogDirectory directory, int records) {
        for (int i = 0; i < records; i++) {
            CompletableFuture<?>[] durable = directory.logs().stream()
                    .map(ManyPartitions::append)
                    .toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(durable).join();
        }
    }

    private static CompletableFuture<Void> append(PartitionLog log) {
        SimpleRecord record = new SimpleRecord(InstantSource.system().millis(), new byte[100]);
        return log.durable(log.append(MemoryRecords.withRecords(Compression.NONE, record))
                .nextOffset());
    }

    private static void timed(String what, Runnable step) {
        long from = System.nanoTime();
        step.run();
        System.out.printf("%s: %d ms%n", what, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from));
    }

    private static void print(String when) {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                "%s: %d open files, %d maps, %d threads, %d KiB heap%n",
                when,
                count(Path.of("/proc/self/fd")),
                lines(Path.of("/proc/self/maps")),
                ManagementFactory.getThreadMXBean().getThreadCount(),
                (runtime.totalMemory() - runtime.freeMemory()) / 1024);
    }

    private static long count(Path folder) {
        try (Stream<Path> all = Files.list(folder)) {
            return all.count();
        } catch (IOException e) {
            return -1;
        }
    }

    private static long lines(Path file) {
        try (Stream<String> all = Files.lines(file)) {
            return all.count();
        } catch (IOException e) {
            return -1;
        }
    }
}
