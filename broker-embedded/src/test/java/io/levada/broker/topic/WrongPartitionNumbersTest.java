/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A number of partitions that no topic can have, in a file or in a folder's name, costs neither memory nor time nor a record. */
@Timeout(600)
class WrongPartitionNumbersTest {
    private static final TopicDefaults DEFAULTS = new TopicDefaults(1, Integer.MAX_VALUE, Map.of());
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition PAYMENTS = new TopicPartition("payments", 0);
    private static final String STRAY = "orders-999999999";

    @TempDir
    Path dir;

    private final ListAppender<ILoggingEvent> told = new ListAppender<>();

    @BeforeEach
    void twoTopics() {
        told.start();
        Stream.of(TopicStore.class, TopicsAtStart.class)
                .forEach(each -> logger(each).addAppender(told));
        serving(topics -> {
            for (TopicPartition partition : List.of(ORDERS, PAYMENTS)) {
                topics.create(new NewTopic(partition.topic(), 1, Map.of("retention.ms", "-1")), false)
                        .join();
                topics.require(partition)
                        .append(MemoryRecords.withRecords(
                                Compression.NONE, new SimpleRecord(1, "kept".getBytes(StandardCharsets.UTF_8))));
            }
        });
    }

    @AfterEach
    void listenNoMore() {
        Stream.of(TopicStore.class, TopicsAtStart.class)
                .forEach(each -> logger(each).detachAppender(told));
    }

    @ParameterizedTest
    @ValueSource(strings = {"partitions=2147483647", "partitions=100001", "partitions=1\ngrowing.to=2147483647"})
    void aTopicFileThatAsksForTooManyIsDamaged(String partitions) throws IOException {
        Path file = dir.resolve("orders.topic");
        Files.writeString(file, Files.readString(file).replace("partitions=1", partitions));
        serving(WrongPartitionNumbersTest::bothServe);
        assertThat(told.list).singleElement().satisfies(line -> {
            assertThat(line.getFormattedMessage()).contains("Restore the file from a backup");
            assertThat(values(line))
                    .contains("file=" + file)
                    .anySatisfy(value -> assertThat(value)
                            .startsWith("error=")
                            .contains(partitions.substring(partitions.lastIndexOf('=') + 1))
                            .contains("100000"));
        });
        told.list.clear();
        serving(WrongPartitionNumbersTest::bothServe);
        assertThat(told.list).isEmpty();
    }

    @Test
    void aFolderFarAboveTheTopicsPartitionsIsPutAsideAndToldOnce() throws IOException {
        strayWithFile();
        serving(WrongPartitionNumbersTest::bothServe);
        strayIsKept();
        serving(WrongPartitionNumbersTest::bothServe);
        assertThat(told.list).hasSize(1);
    }

    @Test
    void suchAFolderMakesNoTopicWhereItsFileIsDamagedOrGone() throws IOException {
        strayWithFile();
        Files.writeString(dir.resolve("orders.topic"), "partitions=none");
        serving(WrongPartitionNumbersTest::bothServe);
        told.list.remove(0); // of the topic's file
        strayIsKept();
    }

    @Test
    void suchAFolderMakesNoTopicWhereOthersAreTakenOver() throws IOException {
        strayWithFile();
        Files.delete(dir.resolve("orders.topic"));
        Files.delete(dir.resolve("payments.topic"));
        serving(WrongPartitionNumbersTest::bothServe);
        told.list.removeIf(line -> line.getFormattedMessage().contains("taken over"));
        strayIsKept();
    }

    @Test
    void noTopicIsMadeThatTheNextStartWouldNotTakeForOne() {
        serving(topics -> {
            NewTopic large = new NewTopic("large", 100_001, Map.of());
            assertThatThrownBy(() -> topics.create(large, true).join())
                    .hasCauseInstanceOf(InvalidPartitionsException.class);
            assertThatThrownBy(() -> topics.grow("orders", 100_001, true).join())
                    .hasCauseInstanceOf(InvalidPartitionsException.class);
        });
    }

    private void strayWithFile() throws IOException {
        Files.writeString(Files.createDirectory(dir.resolve(STRAY)).resolve("notes.txt"), "of somebody");
    }

    private void strayIsKept() throws IOException {
        assertThat(told.list)
                .singleElement()
                .satisfies(line -> assertThat(values(line)).contains("partition=999999999"));
        try (Stream<Path> all = Files.list(dir)) {
            assertThat(all.filter(file -> file.getFileName().toString().startsWith(STRAY)))
                    .singleElement()
                    .satisfies(aside -> {
                        assertThat(aside.toString()).endsWith("-stray");
                        assertThat(aside.resolve("notes.txt")).hasContent("of somebody");
                    });
        }
    }

    private static void bothServe(Topics topics) {
        assertThat(topics.catalog().partitions()).isEqualTo(2);
        assertThat(topics.require(ORDERS).logEndOffset()).isEqualTo(1);
        assertThat(topics.require(PAYMENTS).logEndOffset()).isEqualTo(1);
    }

    private static List<String> values(ILoggingEvent line) {
        return line.getKeyValuePairs().stream()
                .map(pair -> pair.key + "=" + pair.value)
                .toList();
    }

    private static Logger logger(Class<?> logging) {
        return (Logger) LoggerFactory.getLogger(logging);
    }

    private void serving(Consumer<Topics> use) {
        try (LogDirectory logs = LogDirectory.open(
                dir,
                new SettingsOnDisk(dir, LogConfig.defaults()),
                LogOptions.of(FlushPolicy.OS),
                InstantSource.system())) {
            use.accept(new Topics(logs, dir, DEFAULTS, Runnable::run));
        }
    }
}
