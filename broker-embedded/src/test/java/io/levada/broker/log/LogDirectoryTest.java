/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.FolderRemoval;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.files.LogDirectoryException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDirectoryTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition DASHED = new TopicPartition("my-orders.eu_1", 12);

    @TempDir
    Path dir;

    @Test
    void partitionsAndTheirRecordsAreThereAfterAReopen() {
        Uuid id = Uuid.randomUuid();
        String clusterId;
        try (LogDirectory directory = open()) {
            clusterId = directory.clusterId();
            PartitionLog log = directory.create(ORDERS, id, LogConfig.defaults());
            directory.create(DASHED, Uuid.randomUuid(), LogConfig.defaults());
            assertThat(log.append(Batches.of("a", "b")).nextOffset()).isEqualTo(2);
        }
        try (LogDirectory directory = open()) {
            assertThat(directory.clusterId()).isEqualTo(clusterId);
            assertThat(directory.logs()).hasSize(2);
            assertThat(directory.log(DASHED)).isPresent();
            PartitionLog log = directory.log(ORDERS).orElseThrow();
            assertThat(log.topicId()).isEqualTo(id);
            assertThat(LogFixture.values(log)).containsExactly("a", "b");
        }
    }

    /** Its tail would be trusted at the next start, though nobody has looked at it since the crash. */
    @Test
    void aStartThatMissesAFolderAndEndsEarlyIsNoCleanStop() throws IOException {
        try (LogDirectory directory = open()) {
            directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults()).append(Batches.of("a", "b"));
        }
        Files.delete(dir.resolve(".kafka_cleanshutdown"));
        Path away = Files.move(dir.resolve("orders-0"), dir.resolveSibling(dir.getFileName() + "-away"));
        open().close();
        assertThat(dir.resolve(".kafka_cleanshutdown")).doesNotExist();
        Files.move(away, dir.resolve("orders-0"));
        open().close();
        assertThat(dir.resolve(".kafka_cleanshutdown")).exists();
    }

    @Test
    void whereAMissingPartitionBeginsIsKeptAlsoWhereNobodyKnowsHowFarItWasForced() throws IOException {
        try (LogDirectory directory = open()) {
            PartitionLog log = directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults());
            log.durable(log.append(Batches.of("a", "b")).nextOffset()).join();
            log.advanceLogStartOffset(2);
        }
        FolderRemoval.remove(dir.resolve("orders-0"));
        Files.delete(dir.resolve(OffsetCheckpoint.RECOVERY_POINT));
        open().close();
        assertThat(new OffsetCheckpoint(dir, OffsetCheckpoint.LOG_START).read().orElseThrow())
                .containsEntry(ORDERS, 2L);
        assertThat(new OffsetCheckpoint(dir, OffsetCheckpoint.RECOVERY_POINT)
                        .read()
                        .orElseThrow())
                .containsEntry(ORDERS, -1L);
    }

    /** A start that ends before the topics are read must not forget how far a missing partition was written. */
    @Test
    void whatIsKnownOfAMissingFolderIsKeptUntilTheTopicsAreKnown() throws IOException {
        try (LogDirectory directory = open()) {
            directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults()).append(Batches.of("a", "b"));
            directory.create(DASHED, Uuid.randomUuid(), LogConfig.defaults());
        }
        FolderRemoval.remove(dir.resolve("orders-0"));
        OffsetCheckpoint known = new OffsetCheckpoint(dir, OffsetCheckpoint.RECOVERY_POINT);
        open().close();
        assertThat(known.read().orElseThrow()).containsEntry(ORDERS, 2L);
        try (LogDirectory directory = open()) {
            directory.topicsAreKnown();
        }
        assertThat(known.read().orElseThrow()).doesNotContainKey(ORDERS);
    }

    @Test
    void aPartitionIsCreatedOnce() {
        try (LogDirectory directory = open()) {
            directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults());
            assertThatThrownBy(() -> directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults()))
                    .isInstanceOf(TopicExistsException.class);
        }
    }

    @Test
    void aDeletedPartitionIsGoneAndMayBeCreatedAgain() {
        try (LogDirectory directory = open()) {
            PartitionLog old = directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults());
            old.append(Batches.of("a"));
            directory.delete(ORDERS);
            directory.delete(ORDERS);
            assertThat(directory.log(ORDERS)).isEmpty();
            assertThat(dir.resolve("orders-0")).doesNotExist();
            assertThatThrownBy(() -> old.append(Batches.of("b"))).isInstanceOf(KafkaStorageException.class);
            assertThat(directory
                            .create(ORDERS, Uuid.randomUuid(), LogConfig.defaults())
                            .logEndOffset())
                    .isZero();
        }
    }

    @Test
    void halfMadeAndHalfDeletedPartitionsAreClearedAndForeignFoldersStay() throws IOException {
        open().close();
        Path made = Files.createDirectories(dir.resolve("orders-0.new"));
        Path deleted = Files.createDirectories(dir.resolve("orders-1.0123456789abcdef0123456789abcdef-delete"));
        Path foreign = Files.createDirectories(dir.resolve("lost+found"));
        Path metadata = Files.createDirectories(dir.resolve("__cluster_metadata-0"));
        Files.writeString(deleted.resolve("00000000000000000000.log"), "x");
        try (LogDirectory directory = open()) {
            assertThat(directory.logs()).isEmpty();
            assertThat(made).doesNotExist();
            assertThat(deleted).doesNotExist();
            assertThat(foreign).exists();
            assertThat(metadata).isEmptyDirectory();
        }
    }

    @Test
    void aSecondUserIsToldOfTheFirst() {
        try (LogDirectory first = open()) {
            assertThat(first.logs()).isEmpty();
            assertThatThrownBy(this::open)
                    .isInstanceOf(LogDirectoryException.class)
                    .hasMessageContaining(dir.toString())
                    .hasMessageContaining("in use")
                    .hasMessageContaining("data.dir");
        }
        open().close();
    }

    @Test
    void aFolderThatCannotBeMadeIsNamed() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "x");
        assertThatThrownBy(() -> LogDirectory.open(
                        file.resolve("data"), LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system()))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining(file.resolve("data").toString())
                .hasMessageContaining("set data.dir");
    }

    @Test
    void aFolderThatCannotBeWrittenIsNamed() {
        Path readOnly = Path.of("/proc/self/task");
        assertThatThrownBy(() ->
                        LogDirectory.open(readOnly, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system()))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("set data.dir");
    }

    @Test
    void metaPropertiesOfSomethingElseAreRefused() throws IOException {
        refusesMeta("version=0\nbroker.id=1\n", "version=0");
        refusesMeta("version=1\nnode.id=1\n", "cluster.id=");
        refusesMeta("version=1\ncluster.id=x\nnode.id=one\n", "node.id=one");
        refusesMeta("\\u00zz", "not a properties file");
        refusesMeta("", "version=null");
        Files.delete(dir.resolve("meta.properties"));
        Files.write(dir.resolve("meta.properties"), new byte[] {(byte) 0xff, (byte) 0xfe, 0, 1});
        assertThatThrownBy(this::open).hasMessageContaining("meta.properties").hasMessageContaining("not a properties");
    }

    @Test
    void aCheckpointThatCannotBeReadIsNamed() throws IOException {
        open().close();
        for (String name : List.of(OffsetCheckpoint.RECOVERY_POINT, OffsetCheckpoint.LOG_START)) {
            Files.deleteIfExists(dir.resolve(name));
            Files.createDirectory(dir.resolve(name));
            assertThatThrownBy(this::open)
                    .isInstanceOf(LogDirectoryException.class)
                    .hasMessageContaining(dir.resolve(name).toString())
                    .satisfies(refused -> assertThat(
                                    String.valueOf(refused.getMessage()).contains("remove it"))
                            .isEqualTo(name.equals(OffsetCheckpoint.RECOVERY_POINT)));
            Files.delete(dir.resolve(name));
        }
    }

    private void refusesMeta(String content, String reason) throws IOException {
        Files.writeString(dir.resolve("meta.properties"), content);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("meta.properties")
                .hasMessageContaining(reason)
                .hasMessageContaining("data.dir");
    }

    @Test
    void anInterruptedCompactionWhoseResultIsDamagedIsNotGuessedAt() throws IOException {
        try (LogDirectory directory = open()) {
            directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults());
        }
        Files.writeString(dir.resolve("orders-0/00000000000000000000.log.swap"), "x");
        try (LogDirectory directory = open()) {
            assertThat(directory.log(ORDERS)).isEmpty();
            assertThat(directory.offline(ORDERS).orElseThrow().reason()).contains("compaction", "position 0");
        }
        assertThat(dir.resolve("orders-0/00000000000000000000.log")).exists();
    }

    @Test
    void closingTwiceIsHarmless() {
        LogDirectory directory = open();
        directory.close();
        directory.close();
        assertThatThrownBy(() -> directory.create(ORDERS, Uuid.randomUuid(), LogConfig.defaults()))
                .isInstanceOf(KafkaStorageException.class);
    }

    private LogDirectory open() {
        return LogDirectory.open(dir, LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
    }
}
