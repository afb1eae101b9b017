/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;

/**
 * What many partitions cost: makes as many as are asked for, with some records in each, then stops, starts, is killed and starts again, and prints times,
 * open files, mapped memory and heap. Arguments: an empty folder, the number of partitions, records per partition.
 */
public final class ManyPartitions {
    private static final int PER_TOPIC = 100;
    private static final String KILLED = "killed";

    private ManyPartitions() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path dir = Path.of(args[0]);
        if (args[1].equals(KILLED)) {
            append(open(dir), 1);
            Runtime.getRuntime().halt(0);
        }
        int partitions = Integer.parseInt(args[1]);
        int records = Integer.parseInt(args[2]);
        long empty = heapBytes();
        makeAndStop(dir, partitions, records, empty);
        startAndUse(dir, partitions, empty);

        LogDirectory idle = timedOpen("start after a stop", dir);
        timed("stop of idle partitions", idle::close);

        kill(dir);
        LogDirectory recovered = timedOpen("start after a kill", dir);
        timed("stop after that", recovered::close);
    }

    // In methods of their own, so that the heap of one directory is not counted with that of the next.

    private static void makeAndStop(Path dir, int partitions, int records, long empty) throws IOException {
        LogDirectory made = open(dir);
        timed("make", () -> make(made, partitions));
        timed("append " + records + " records to each", () -> append(made, records));
        print("serving", partitions, empty);
        timed("stop after that", made::close);
    }

    private static void startAndUse(Path dir, int partitions, long empty) throws IOException {
        LogDirectory started = timedOpen("start after a stop", dir);
        print("started", partitions, empty);
        timed("append 1 record to each", () -> append(started, 1));
        print("after that", partitions, empty);
        timed("read each", () -> read(started));
        print("after that", partitions, empty);
        timed("stop after that", started::close);
    }

    /** Lets another process open the folder, append to each partition and end without a word. */
    private static void kill(Path dir) throws IOException, InterruptedException {
        Process killed = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyPartitions.class.getName(),
                        dir.toString(),
                        KILLED)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (killed.waitFor() != 0) {
            throw new IllegalStateException("the process that was to be killed failed by itself");
        }
    }

    private static LogDirectory open(Path dir) {
        return LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
    }

    private static LogDirectory timedOpen(String what, Path dir) {
        AtomicReference<LogDirectory> opened = new AtomicReference<>();
        timed(what, () -> opened.set(open(dir)));
        return Objects.requireNonNull(opened.get());
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
            CompletableFuture<?>[] durable =
                    directory.logs().stream().map(ManyPartitions::append).toArray(CompletableFuture[]::new);
            CompletableFuture.allOf(durable).join();
        }
    }

    private static CompletableFuture<Void> append(PartitionLog log) {
        SimpleRecord record = new SimpleRecord(InstantSource.system().millis(), new byte[100]);
        return log.durable(
                log.append(MemoryRecords.withRecords(Compression.NONE, record)).nextOffset());
    }

    private static void read(LogDirectory directory) {
        for (PartitionLog log : directory.logs()) {
            log.read(log.logStartOffset(), 1024 * 1024, true)
                    .records()
                    .batches()
                    .iterator()
                    .next();
        }
    }

    private static void timed(String what, Runnable step) {
        long from = System.nanoTime();
        long cpuFrom = cpuNanos();
        step.run();
        System.out.printf(
                "%s: %d ms, %d ms of processor%n",
                what,
                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - from),
                TimeUnit.NANOSECONDS.toMillis(cpuNanos() - cpuFrom));
    }

    /** What tells more than the time on a machine that has other work. */
    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : -1;
    }

    private static void print(String when, int partitions, long empty) throws IOException {
        System.out.printf(
                "  %s: %d open files, %d KiB mapped from files of the logs, %d bytes of heap per partition%n",
                when, openFiles(), mappedBytes() / 1024, (heapBytes() - empty) / partitions);
    }

    private static long heapBytes() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    private static long openFiles() throws IOException {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return all.map(ManyPartitions::target)
                    .filter(name -> name.endsWith(".log") || name.endsWith("index"))
                    .count();
        }
    }

    private static String target(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (IOException closedMeanwhile) {
            return "";
        }
    }

    private static long mappedBytes() {
        try (Stream<String> all = Files.lines(Path.of("/proc/self/maps"))) {
            return all.filter(line -> line.endsWith("index"))
                    .map(line -> line.substring(0, line.indexOf(' ')).split("-"))
                    .mapToLong(range -> Long.parseLong(range[1], 16) - Long.parseLong(range[0], 16))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
