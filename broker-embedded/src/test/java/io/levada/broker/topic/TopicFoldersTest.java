/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.DiskOfTests;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Wherever a creation, a growth or a deletion fails or is killed: the topic is whole or gone, and the same can be done again. */
@Timeout(600)
class TopicFoldersTest {
    private static final TopicDefaults DEFAULTS = new TopicDefaults(1, 100, Map.of());
    private static final NewTopic ORDERS = new NewTopic("orders", 2, Map.of());

    @TempDir
    Path dir;

    private final DiskOfTests disk = new DiskOfTests();

    @Test
    void aCreationThatFailsAtAnyStepCanBeTriedAgainAtOnce() throws Exception {
        int steps = stepsOf(topics -> topics.create(ORDERS, false).join());
        for (int i = 0; i < steps; i++) {
            int step = i;
            Path data = dir.resolve("fails-" + step);
            serving(data, topics -> {
                disk.failStep(step);
                assertThatThrownBy(() -> topics.create(ORDERS, false).join())
                        .as("step %d", step)
                        .isInstanceOf(CompletionException.class);
                assertThat(topics.catalog().all()).isEmpty();
                assertThat(leftOf("orders", data)).as("step %d", step).isEmpty();
                topics.create(ORDERS, false).join();
                isWhole(topics, 2);
            });
        }
    }

    @Test
    void aKilledCreationLeavesTheTopicWholeOrGone() throws Exception {
        Path data = dir.resolve("killed");
        serving(data, topics -> {
            crashesOf(data, () -> topics.create(ORDERS, false).join(), crashed -> {
                boolean isThere = crashed.catalog().find("orders").isPresent();
                if (!isThere) {
                    crashed.create(ORDERS, false).join();
                }
                isWhole(crashed, 2);
            });
        });
    }

    @Test
    void aGrowthThatFailsAtAnyStepLeavesTheTopicAsItWas() throws Exception {
        for (int i = 0; i < 6; i++) {
            int step = i;
            Path data = dir.resolve("grows-" + step);
            serving(data, topics -> {
                topics.create(ORDERS, false).join();
                write(topics, "kept");
                disk.failStep(step);
                assertThatThrownBy(() -> topics.grow("orders", 4, false).join())
                        .isInstanceOf(CompletionException.class);
                isWhole(topics, 2);
                topics.grow("orders", 4, false).join();
                isWhole(topics, 4);
                assertThat(endOf(topics)).isEqualTo(1);
            });
        }
    }

    @Test
    void aKilledGrowthLeavesTheOldOrTheNewNumber() throws Exception {
        Path data = dir.resolve("killed");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            write(topics, "kept");
            crashesOf(data, () -> topics.grow("orders", 4, false).join(), crashed -> {
                isWhole(crashed, crashed.catalog().find("orders").orElseThrow().partitions());
                assertThat(endOf(crashed)).isEqualTo(1);
                if (crashed.catalog().find("orders").orElseThrow().partitions() == 2) {
                    crashed.grow("orders", 4, false).join();
                }
                isWhole(crashed, 4);
            });
        });
    }

    /** On a full disk, say. */
    @Test
    void aTopicWhoseGrowthCannotBeUndoneServesAllTheSame() throws Exception {
        Path data = dir.resolve("full");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            write(topics, "kept");
            new TopicStore(data).intendGrowth(topics.catalog().find("orders").orElseThrow(), 4);
        });
        Files.createDirectories(data.resolve("~draft/in the way"));
        serving(data, topics -> {
            isWhole(topics, 2);
            assertThat(endOf(topics)).isEqualTo(1);
        });
    }

    @Test
    void aKilledDeletionIsFinishedByTheNextStart() throws Exception {
        Path data = dir.resolve("killed");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            write(topics, "gone");
            crashesOf(data, () -> topics.delete("orders").join(), crashed -> {
                assertThat(crashed.catalog().find("orders")).isEmpty();
                crashed.create(ORDERS, false).join();
                assertThat(endOf(crashed)).isZero();
            });
        });
    }

    @Test
    void aDeletionThatFailsDoesNotPoisonTheName() throws Exception {
        Path data = dir.resolve("fails");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            write(topics, "gone");
            List<String> told = new ArrayList<>();
            topics.onDelete(topic -> told.add(topic.name()));
            disk.failStep(0);
            assertThatThrownBy(() -> topics.delete("orders").join()).isInstanceOf(CompletionException.class);
            assertThat(told).containsExactly("orders");
            topics.create(ORDERS, false).join();
            isWhole(topics, 2);
            assertThat(endOf(topics)).isZero();
        });
    }

    @Test
    void aFolderOfAnotherTopicsIdIsPutAsideAndNotServed() throws Exception {
        Path data = dir.resolve("data");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            write(topics, "of the old topic");
            new TopicStore(data).save(new Topic("orders", Uuid.randomUuid(), 2, Map.of()));
        });
        serving(data, topics -> {
            assertThat(topics.log(new TopicPartition("orders", 0))).isEmpty();
            assertThat(topics.offline(new TopicPartition("orders", 0))).isPresent();
        });
        assertThat(leftOf("orders-0.", data))
                .singleElement()
                .satisfies(name -> assertThat(name).endsWith("-stray"));
    }

    @Test
    void aFolderOfAnotherTopicsIdThatCannotBePutAsideIsNotServedEither() throws Exception {
        Path data = dir.resolve("data");
        serving(data, topics -> {
            topics.create(new NewTopic("orders", 3, Map.of()), false).join();
            topics.create(new NewTopic("other", 1, Map.of()), false).join();
            for (int partition = 0; partition < 2; partition++) {
                topics.log(new TopicPartition("orders", partition))
                        .orElseThrow()
                        .append(MemoryRecords.withRecords(
                                Compression.NONE,
                                new SimpleRecord("of the old topic".getBytes(StandardCharsets.UTF_8))));
            }
            new TopicStore(data).save(new Topic("orders", Uuid.randomUuid(), 2, Map.of()));
        });
        disk.beforeStep(() -> {
            throw new UncheckedIOException(new IOException("Input/output error"));
        });
        try (LogDirectory logs = open(data)) {
            Topics topics = topics(logs, data);
            for (int partition = 0; partition < 2; partition++) {
                assertThat(topics.log(new TopicPartition("orders", partition))).isEmpty();
                assertThat(topics.offline(new TopicPartition("orders", partition))
                                .orElseThrow()
                                .reason())
                        .contains("another topic's");
            }
            assertThat(topics.log(new TopicPartition("other", 0))).isPresent();
        } finally {
            disk.beforeStep(() -> {});
        }
    }

    @Test
    void aFolderWithoutATopicIsPutAsideWithItsRecords() throws Exception {
        Path data = dir.resolve("data");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            topics.create(new NewTopic("other", 1, Map.of()), false).join();
            write(topics, "of nobody");
        });
        Files.delete(data.resolve("orders.topic"));
        serving(data, topics -> {
            assertThat(topics.catalog().find("orders")).isEmpty();
            topics.create(ORDERS, false).join();
            assertThat(endOf(topics)).isZero();
        });
        assertThat(leftOf("orders-0.", data))
                .singleElement()
                .satisfies(name -> assertThat(name).endsWith("-stray"));
    }

    @Test
    void aMissingFolderIsNoticedAndNotMadeAnew() throws Exception {
        Path data = dir.resolve("data");
        serving(data, topics -> {
            topics.create(ORDERS, false).join();
            write(topics, "lost");
        });
        Files.move(data.resolve("orders-0"), dir.resolve("moved"));
        serving(data, topics -> {
            assertThat(topics.offline(new TopicPartition("orders", 0))).isPresent();
            assertThat(topics.log(new TopicPartition("orders", 1))).isPresent();
        });
        Path points = data.resolve("recovery-point-offset-checkpoint");
        assertThat(Files.readAllLines(points)).as("what is known of it").contains("orders 0 1");
        Files.move(dir.resolve("moved"), data.resolve("orders-0"));
        try (LogDirectory logs = open(data)) {
            assertThat(endOf(topics(logs, data))).isEqualTo(1);
        }
    }

    @Test
    void aDamagedTopicFileCostsTheSettingsAndNothingElse() throws Exception {
        Path data = dir.resolve("data");
        serving(data, topics -> {
            topics.create(new NewTopic("orders", 2, Map.of("retention.ms", "1")), false)
                    .join();
            write(topics, "kept");
        });
        Files.writeString(data.resolve("orders.topic"), "partitions=none");
        serving(data, topics -> {
            isWhole(topics, 2);
            assertThat(endOf(topics)).isEqualTo(1);
            assertThat(topics.catalog().find("orders").orElseThrow().configs()).containsEntry("retention.ms", "-1");
        });
        assertThat(data.resolve("orders.topic.damaged")).hasContent("partitions=none");

        Files.writeString(data.resolve("orders.topic"), "partitions=some");
        serving(data, topics -> isWhole(topics, 2));
        assertThat(data.resolve("orders.topic.damaged")).as("the first stays").hasContent("partitions=none");
        assertThat(data.resolve("orders.topic.damaged.1")).hasContent("partitions=some");
    }

    /** Half of its settings must not pass for all of them: what is left out may be how long to keep records. */
    @Test
    void aTopicFileOfWhichTheEndIsMissingIsDamaged() throws Exception {
        Path data = dir.resolve("data");
        try (LogDirectory logs = open(data)) {
            topics(logs, data)
                    .create(new NewTopic("orders", 1, Map.of("retention.ms", "1", "cleanup.policy", "delete")), false)
                    .join();
        }
        Path file = data.resolve("orders.topic");
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            assertThat(new TopicStore(data).peek()).as("%d bytes", length).isEmpty();
        }
        try (LogDirectory logs = open(data)) {
            assertThat(topics(logs, data).catalog().find("orders").orElseThrow().configs())
                    .containsEntry("retention.ms", "-1");
        }
        assertThat(data.resolve("orders.topic.damaged")).exists();
    }

    @Test
    void aTopicFileThatCannotBeReadIsNotPutAside() throws Exception {
        Path data = dir.resolve("data");
        serving(
                data,
                topics -> topics.create(new NewTopic("orders", 1, Map.of()), false)
                        .join());
        Path file = data.resolve("orders.topic");
        Files.delete(file);
        Files.createDirectory(file);
        try (LogDirectory logs = open(data)) {
            assertThatThrownBy(() -> topics(logs, data))
                    .hasMessageContaining(file.toString())
                    .hasMessageContaining("backup");
        }
        assertThat(file).isDirectory();
    }

    /** Folders of another broker may have gaps, and what is noted of them stays: ours must not pass for such. */
    @Test
    void aTopicWhoseFileCannotBeUnderstoodIsOursAllTheSame() throws Exception {
        Path data = dir.resolve("data");
        serving(
                data,
                topics -> topics.create(new NewTopic("orders", 1, Map.of()), false)
                        .join());
        Path file = data.resolve("orders.topic");
        TopicPartition orders = new TopicPartition("orders", 0);
        Files.writeString(file, "half");
        assertThat(new SettingsOnDisk(data, LogConfig.defaults()).isForeign(orders))
                .isFalse();
        Files.move(file, data.resolve("orders.topic.damaged"));
        assertThat(new SettingsOnDisk(data, LogConfig.defaults()).isForeign(orders))
                .isFalse();
        Files.move(data.resolve("orders.topic.damaged"), data.resolve("orders.topic.damaged.1"));
        assertThat(new SettingsOnDisk(data, LogConfig.defaults()).isForeign(orders))
                .isFalse();
        Files.move(data.resolve("orders.topic.damaged.1"), data.resolve("orders.elsewhere"));
        assertThat(new SettingsOnDisk(data, LogConfig.defaults()).isForeign(orders))
                .isTrue();
        Files.createDirectory(file);
        assertThat(new SettingsOnDisk(data, LogConfig.defaults()).isForeign(orders))
                .isFalse();
    }

    /** What is done to a broker's topics. */
    @FunctionalInterface
    private interface Change {
        void to(Topics topics) throws Exception;
    }

    /** A broker that starts on a folder, has something done to its topics, and stops in good order. */
    private void serving(Path data, Change change) throws Exception {
        try (LogDirectory logs = open(data)) {
            change.to(topics(logs, data));
        }
    }

    private int stepsOf(Change change) throws Exception {
        Path data = dir.resolve("counted");
        serving(data, topics -> {
            disk.failStep(-1);
            change.to(topics);
        });
        return disk.steps();
    }

    /** Kills the process before every step of a change, in a copy, and looks at what the next start makes of it. */
    private void crashesOf(Path data, Runnable change, Change afterwards) throws Exception {
        List<Path> copies = new ArrayList<>();
        disk.beforeStep(() -> copies.add(copied(data, copies.size())));
        change.run();
        disk.beforeStep(() -> {});
        copies.add(copied(data, copies.size()));
        assertThat(copies).hasSizeGreaterThan(3);
        for (Path copy : copies) {
            try (LogDirectory logs = open(copy)) {
                afterwards.to(topics(logs, copy));
            }
        }
    }

    /** Other partitions are being made meanwhile: a file that is just getting its name is in a copy or not, as after a crash. */
    private Path copied(Path data, int number) {
        Path target = dir.resolve("copy-" + number);
        try {
            copy(data, target);
            return target;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        List<Path> files;
        try (Stream<Path> all = Files.list(from)) {
            files = all.toList();
        } catch (NoSuchFileException renamedMeanwhile) {
            return;
        }
        for (Path file : files) {
            Path copy = to.resolve(from.relativize(file).toString());
            if (Files.isDirectory(file)) {
                copy(file, copy);
                continue;
            }
            try {
                Files.copy(file, copy);
            } catch (NoSuchFileException renamedMeanwhile) {
                assertThat(copy).doesNotExist();
            }
        }
    }

    private static void isWhole(Topics topics, int partitions) {
        assertThat(topics.catalog().find("orders").orElseThrow().partitions()).isEqualTo(partitions);
        for (int partition = 0; partition < partitions; partition++) {
            assertThat(topics.log(new TopicPartition("orders", partition)))
                    .hasValueSatisfying(log -> assertThat(log.topicId())
                            .isEqualTo(topics.catalog()
                                    .find("orders")
                                    .orElseThrow()
                                    .id()));
        }
    }

    private static List<String> leftOf(String name, Path data) throws IOException {
        try (Stream<Path> all = Files.list(data)) {
            return all.map(file -> file.getFileName().toString())
                    .filter(file -> file.startsWith(name))
                    .toList();
        }
    }

    private static void write(Topics topics, String value) {
        topics.log(new TopicPartition("orders", 0))
                .orElseThrow()
                .append(MemoryRecords.withRecords(
                        Compression.NONE,
                        new SimpleRecord(System.currentTimeMillis(), value.getBytes(StandardCharsets.UTF_8))));
    }

    private static long endOf(Topics topics) {
        return topics.log(new TopicPartition("orders", 0)).orElseThrow().logEndOffset();
    }

    private LogDirectory open(Path data) {
        disk.failStep(-1);
        return disk.open(data, LogConfig.defaults());
    }

    private static Topics topics(LogDirectory logs, Path data) {
        return new Topics(logs, data, DEFAULTS, Runnable::run);
    }
}
