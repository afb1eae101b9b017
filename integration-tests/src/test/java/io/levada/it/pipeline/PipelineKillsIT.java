/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.LevadaProcess;
import io.levada.it.testkit.RunningWorker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * A file, a transform, a topic, a transform and a file, while the process with all of that in it is killed again and again. A few times in every build; as often as
 * {@code -Dlevada.pipeline.kills=50} says for docs/reliability.md; with {@code -Dlevada.pipeline.exactly.once=false} the source delivers at least once.
 */
@Timeout(3600)
class PipelineKillsIT {
    private static final TopicPartition LINES = new TopicPartition("lines", 0);
    /** Before the number of a line, in the file. */
    private static final String LINE = "\"line\":\"line ";

    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int UNDER_LOAD_MS_MAX = 1_500;
    private static final int INTO_THE_START_MS_MAX = 4_000;
    private static final int AGAIN_ONE_IN = 3;

    private final boolean exactlyOnce =
            Boolean.parseBoolean(System.getProperty("levada.pipeline.exactly.once", "true"));

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void eachLineIsOnceInTheTopicAndNoneMissingInTheFile() throws Exception {
        int kills = Integer.getInteger("levada.pipeline.kills", 4);
        long seed = Long.getLong("levada.pipeline.seed", System.nanoTime());
        System.out.println("seed of the kills: " + seed + ", in " + folder);
        Random random = new Random(seed);
        int whileStarting = 0;
        try (GrowingFile input = GrowingFile.start(folder.resolve("in.txt"));
                RunningWorker worker = LevadaProcess.worker(
                        folder,
                        Map.of(
                                "offset.flush.interval.ms",
                                "300",
                                "exactly.once.source.support",
                                exactlyOnce ? "enabled" : "disabled"))) {
            createConnectors(worker);
            long reached = awaitMore(worker, 0);
            for (int kill = 0; kill < kills; kill++) {
                TimeUnit.MILLISECONDS.sleep(random.nextInt(UNDER_LOAD_MS_MAX));
                worker.process().kill();
                if (random.nextInt(AGAIN_ONE_IN) == 0) {
                    worker.process().startAgain();
                    TimeUnit.MILLISECONDS.sleep(random.nextInt(INTO_THE_START_MS_MAX));
                    worker.process().kill();
                    whileStarting++;
                }
                worker.process().startAgain();
                worker.awaitHealthy();
                reached = awaitMore(worker, reached);
                requireKept(committed(worker.bootstrap()).values(), 0);
            }
            int lines = input.finish();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(committed(worker.bootstrap())).containsValue(wrapped(lines - 1)));
            SortedMap<Long, String> committed = committed(worker.bootstrap());
            requireKept(committed.values(), lines);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(Files.readString(folder.resolve("out.txt")))
                            .contains("\"" + numbered(lines - 1) + "\"")
                            .endsWith("}\n"));
            requireNoneMissing(written(), lines);
            if (exactlyOnce) {
                requireCommitted(committed);
            }
            System.out.println(kills + " kills under load and " + whileStarting + " while starting: " + lines
                    + " lines, " + (committed.size() - lines) + " again in the topic, "
                    + (written().size() - lines)
                    + " again in the file");
        }
    }

    private void createConnectors(RunningWorker worker) {
        worker.rest()
                .createRunning(
                        "from-file",
                        Map.of(
                                "connector.class", "io.levada.connect.file.FileStreamSourceConnector",
                                "tasks.max", "1",
                                "file", folder.resolve("in.txt").toString(),
                                "topic", LINES.topic(),
                                "transforms", "wrap",
                                "transforms.wrap.type", "io.levada.connect.transforms.HoistField$Value",
                                "transforms.wrap.field", "line"));
        worker.rest()
                .createRunning(
                        "into-file",
                        Map.of(
                                "connector.class", "io.levada.connect.file.FileStreamSinkConnector",
                                "tasks.max", "1",
                                "topics", LINES.topic(),
                                "file", folder.resolve("out.txt").toString(),
                                "transforms", "place",
                                "transforms.place.type", "io.levada.connect.transforms.InsertField$Value",
                                "transforms.place.offset.field", "at"));
    }

    /** Waits until readers of committed records get more than before. */
    private static long awaitMore(RunningWorker worker, long before) {
        return await().atMost(PATIENCE).until(() -> end(worker.bootstrap()), end -> end > before);
    }

    private static long end(String bootstrap) {
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap)) {
            return consumer.endOffsets(List.of(LINES)).getOrDefault(LINES, 0L);
        }
    }

    /** What readers of committed records get, by its offset. */
    private static SortedMap<Long, String> committed(String bootstrap) {
        SortedMap<Long, String> values = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = consumer(bootstrap)) {
            consumer.assign(List.of(LINES));
            consumer.seekToBeginning(List.of(LINES));
            long end = consumer.endOffsets(List.of(LINES)).getOrDefault(LINES, 0L);
            while (consumer.position(LINES) < end) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.put(record.offset(), record.value()));
            }
        }
        return values;
    }

    private static KafkaConsumer<String, String> consumer(String bootstrap) {
        return new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer());
    }

    /** Each once, or at least once; in order. */
    private void requireKept(Collection<String> values, int atLeast) {
        if (exactlyOnce) {
            assertThat(List.copyOf(values))
                    .isEqualTo(IntStream.range(0, Math.max(values.size(), atLeast))
                            .mapToObj(PipelineKillsIT::wrapped)
                            .toList());
        } else {
            requireNoneMissing(
                    values.stream()
                            .map(value -> value.replace("{\"line\":\"", "").replace("\"}", ""))
                            .toList(),
                    atLeast);
        }
    }

    private static String wrapped(int number) {
        return "{\"line\":\"" + numbered(number) + "\"}";
    }

    private List<String> written() throws IOException {
        return Files.readAllLines(folder.resolve("out.txt")).stream()
                .map(written -> numbered((int) number(LINE, written)))
                .toList();
    }

    /** What is written again was read again: nothing of it comes from a transaction that was aborted. */
    private void requireCommitted(Map<Long, String> committed) throws IOException {
        for (String written : Files.readAllLines(folder.resolve("out.txt"))) {
            assertThat(committed).containsEntry(number("\"at\":", written), wrapped((int) number(LINE, written)));
        }
    }

    /** What stands behind a text in a line of the file, such as {@code {"line":"line 7","at":12}}. */
    private static long number(String before, String written) {
        int start = written.indexOf(before) + before.length();
        int end = start;
        while (end < written.length() && Character.isDigit(written.charAt(end))) {
            end++;
        }
        return Long.parseLong(written.substring(start, end));
    }

    /** What was written since the last commit comes again, in its order. */
    private static void requireNoneMissing(List<String> lines, int count) {
        int next = 0;
        for (String line : lines) {
            int number = Integer.parseInt(line.substring(line.indexOf(' ') + 1));
            assertThat(number).as("line after %s", numbered(next - 1)).isBetween(0, next);
            next = Math.max(next, number + 1);
        }
        assertThat(next).isGreaterThanOrEqualTo(count);
    }

    private static String numbered(int number) {
        return "line " + number;
    }

    /** A file that gets lines all the time. */
    private static final class GrowingFile implements AutoCloseable {
        private static final int LINES_AT_ONCE = 20;
        private static final int PAUSE_MS = 20;

        private final Path file;
        private final Thread thread;
        private volatile boolean finished;
        private volatile int lines;

        private GrowingFile(Path file) {
            this.file = file;
            this.thread = new Thread(this::grow, "growing-file");
        }

        static GrowingFile start(Path file) throws IOException {
            Files.createFile(file);
            GrowingFile growing = new GrowingFile(file);
            growing.thread.start();
            return growing;
        }

        private void grow() {
            try (var writer = Files.newBufferedWriter(file)) {
                while (!finished) {
                    int next = lines;
                    for (int i = 0; i < LINES_AT_ONCE; i++) {
                        writer.write(numbered(next + i) + "\n");
                    }
                    writer.flush();
                    lines = next + LINES_AT_ONCE;
                    TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
                }
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** Writes no more, and tells how many lines there are. */
        int finish() throws InterruptedException {
            finished = true;
            thread.join();
            return lines;
        }

        @Override
        public void close() {
            finished = true;
            thread.interrupt();
        }
    }
}
