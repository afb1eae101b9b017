/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import static io.levada.cli.CommandLineRun.levada;
import static io.levada.cli.CommandLineRun.levadaGiven;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.cli.CommandLineRun;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class StorageVerbsTest {
    @TempDir
    Path dir;

    private String data = "";

    @BeforeEach
    void aBrokersDataDirectory() throws Exception {
        data = dir.resolve("data").toString();
        try (EmbeddedBroker broker = start();
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            for (String value : new String[] {"first", "second", "third"}) {
                producer.send(new ProducerRecord<>("orders", 0, "key", value)).get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    void nothingIsWrongAfterACleanStop() {
        CommandLineRun run = levada("storage", "verify", data);
        assertThat(run.exitCode()).as(run.err()).isZero();
        assertThat(run.out()).contains("3 batches").contains("no damage");
    }

    @Test
    void verifyNamesTheDamageAndRepairTakesItOut() throws IOException {
        damage();
        CommandLineRun found = levada("storage", "verify", data);
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(found.out()).contains("orders-0: ").contains("offset 1").contains("1 damaged");
        CommandLineRun planned = levada("storage", "repair", data);
        assertThat(planned.exitCode()).isZero();
        assertThat(planned.out()).contains("take ").contains(".damaged");
        assertThat(planned.err()).contains("--apply");
        assertThat(levada("storage", "verify", data).exitCode()).isEqualTo(1);
        CommandLineRun done = levada("storage", "repair", data, "--topic", "orders", "--partition", "0", "--apply");
        assertThat(done.exitCode()).as(done.err()).isZero();
        assertThat(levada("storage", "verify", data).exitCode()).isZero();
        assertThat(levada("storage", "dump", data, "--topic", "orders", "--records")
                        .out())
                .contains("first")
                .contains("third")
                .doesNotContain("second");
        start().close();
    }

    @Test
    void theBrokersOwnFilesAreLookedAtToo() throws IOException {
        for (String file : new String[] {"meta.properties", "orders.topic", "dynamic-configs"}) {
            Path path = Path.of(data, file);
            byte[] whole = Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
            Files.writeString(path, "rubbish");
            CommandLineRun found = levada("storage", "verify", data);
            assertThat(found.exitCode()).as(file).isEqualTo(1);
            assertThat(found.out()).contains(file).contains("no damage");
            assertThat(found.err()).contains("backup").doesNotContain("repair");
            JsonNode json = new ObjectMapper()
                    .readTree(levada("storage", "verify", data, "--output", "json")
                            .out());
            assertThat(json.path("files").path(0).path("file").asText()).endsWith(file);
            if (whole.length == 0) {
                Files.delete(path);
            } else {
                Files.write(path, whole);
            }
        }
        assertThat(levada("storage", "verify", data).exitCode()).isZero();
    }

    @Test
    void recordsAreShownWithHeadersAndTransactionsWithTheirEnds() throws Exception {
        try (EmbeddedBroker broker = start();
                KafkaProducer<String, byte[]> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", "t"),
                        new StringSerializer(),
                        new ByteArraySerializer())) {
            producer.initTransactions();
            for (boolean commits : new boolean[] {true, false}) {
                producer.beginTransaction();
                ProducerRecord<String, byte[]> record = new ProducerRecord<>("events", 0, "k", new byte[] {-1, 0, 7});
                record.headers().add("from", "test".getBytes(UTF_8));
                producer.send(record).get(60, TimeUnit.SECONDS);
                if (commits) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
        }
        String text = levada("storage", "dump", data, "--topic", "events", "--records")
                .out();
        assertThat(text).contains("from=test").contains("  COMMIT").contains("  ABORT");
        String json = levada("storage", "dump", data, "--topic", "events", "--records", "--output", "json")
                .out();
        assertThat(json)
                .contains("\"valueBase64\":\"/wAH\"")
                .contains("{\"key\":\"from\",\"value\":\"test\"}")
                .contains("\"marker\":\"COMMIT\"")
                .contains("\"marker\":\"ABORT\"");
    }

    @Test
    void aPartitionThatIsOfflineIsToldAsSuch() throws Exception {
        damage();
        Files.delete(Path.of(data, ".kafka_cleanshutdown"));
        Files.writeString(Path.of(data, "recovery-point-offset-checkpoint"), "0\n1\norders 0 3\n");
        Path index = Path.of(data, "orders-0", "00000000000000000000.index");
        Files.deleteIfExists(index);
        try (EmbeddedBroker broker = start()) {
            String address = "--bootstrap-server=" + broker.bootstrapServers();
            CommandLineRun described = levada("topics", "describe", "orders", address);
            assertThat(described.exitCode()).as(described.err()).isZero();
            assertThat(described.out()).contains("offline");
            CommandLineRun consumed = levada("consume", "orders", "--from-beginning", "--timeout", "1000", address);
            assertThat(consumed.exitCode()).isEqualTo(1);
            assertThat(consumed.err()).contains("partition 0 is offline").contains("levada storage verify");

            Path impatient = Files.writeString(
                    dir.resolve("impatient.properties"),
                    "max.block.ms=2000\ndelivery.timeout.ms=2000\nrequest.timeout.ms=1000\nlinger.ms=0\n");
            CommandLineRun produced =
                    levadaGiven("late\n", "produce", "orders", "--command-config", impatient.toString(), address);
            assertThat(produced.exitCode()).as(produced.err()).isEqualTo(1);
            assertThat(produced.err()).contains("partition 0 is offline").contains("levada storage verify");
        }
        try (EmbeddedBroker broker = start();
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
            admin.createPartitions(Map.of("orders", NewPartitions.increaseTo(2)))
                    .all()
                    .get(60, TimeUnit.SECONDS);
            CommandLineRun rest = levada(
                    "consume",
                    "orders",
                    "--from-beginning",
                    "--timeout",
                    "1000",
                    "--bootstrap-server=" + broker.bootstrapServers());
            assertThat(rest.err()).contains("Without partitions that are offline: 0.");
        }
    }

    @Test
    void aDirectoryThatIsNotThereIsNotTakenForOneWithoutItsFile() {
        CommandLineRun missing =
                levada("storage", "verify", dir.resolve("elsewhere").toString());
        assertThat(missing.exitCode()).isEqualTo(3);
        assertThat(missing.err()).contains("there is no ").doesNotContain("meta.properties");
    }

    @Test
    void jsonSaysTheSame() throws IOException {
        damage();
        JsonNode found = new ObjectMapper()
                .readTree(levada("storage", "verify", data, "--topic", "orders", "--output", "json")
                        .out());
        JsonNode problem = found.path("partitions").path(0).path("problems").path(0);
        assertThat(problem.path("kind").asText()).isEqualTo("damage");
        assertThat(problem.path("offset").asLong()).isEqualTo(1);
        JsonNode planned = new ObjectMapper()
                .readTree(levada("storage", "repair", data, "--output", "json").out());
        assertThat(planned.path("applied").asBoolean()).isFalse();
        assertThat(planned.path("partitions").path(0).path("steps")).isNotEmpty();
        for (String line : levada("storage", "dump", data, "--topic", "orders", "--records", "--output", "json")
                .out()
                .lines()
                .toList()) {
            assertThat(new ObjectMapper().readTree(line).path("topic").asText()).isEqualTo("orders");
        }
    }

    @Test
    void aFolderThatIsGoneAndANoteThatIsDamagedAreMadeAnew() throws Exception {
        Path folder = Path.of(data, "orders-0");
        Path metadata = folder.resolve("partition.metadata");
        Files.writeString(metadata, "rubbish");
        assertThat(levada("storage", "verify", data).out()).contains(metadata.toString());
        assertThat(levada("storage", "repair", data, "--apply").exitCode()).isZero();
        assertThat(levada("storage", "verify", data).exitCode()).isZero();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        CommandLineRun found = levada("storage", "verify", data, "--topic", "orders");
        assertThat(found.exitCode()).isEqualTo(1);
        assertThat(found.out()).contains(folder.toString()).contains("missing");
        start().close(); // which must not forget how far the partition was written
        assertThat(levada("storage", "repair", data).out()).contains("offset 3");
        assertThat(folder).doesNotExist();
        assertThat(levada("storage", "repair", data, "--apply").exitCode()).isZero();
        assertThat(levada("storage", "verify", data).exitCode()).isZero();
        try (EmbeddedBroker broker = start();
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of("bootstrap.servers", broker.bootstrapServers()),
                        new StringSerializer(),
                        new StringSerializer())) {
            assertThat(producer.send(new ProducerRecord<>("orders", 0, "key", "fourth"))
                            .get(60, TimeUnit.SECONDS)
                            .offset())
                    .isEqualTo(3);
        }
    }

    @Test
    void aFolderThatIsGoneIsToldWhileABrokerRunsToo() throws Exception {
        try (Stream<Path> all = Files.walk(Path.of(data, "orders-0"))) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        try (EmbeddedBroker broker = start()) {
            assertThat(broker.bootstrapServers()).isNotEmpty();
            CommandLineRun looked = levada("storage", "verify", data);
            assertThat(looked.exitCode()).isEqualTo(1);
            assertThat(looked.out()).contains("orders-0").contains("missing");
        }
    }

    @Test
    void aRepairIsRefusedWhileABrokerRuns() {
        try (EmbeddedBroker broker = start()) {
            assertThat(broker.bootstrapServers()).isNotEmpty();
            CommandLineRun looked = levada("storage", "verify", data);
            assertThat(looked.exitCode()).isZero();
            assertThat(looked.err()).contains("A broker uses the directory");
            CommandLineRun repaired = levada("storage", "repair", data, "--apply");
            assertThat(repaired.exitCode()).isEqualTo(4);
            assertThat(repaired.err()).contains("Stop that process");
        }
    }

    @Test
    void whatIsNotThereIsNamed() {
        CommandLineRun noDirectory =
                levada("storage", "verify", dir.resolve("nowhere").toString());
        assertThat(noDirectory.exitCode()).isEqualTo(3);
        assertThat(noDirectory.err()).contains("data.dir");
        CommandLineRun noTopic = levada("storage", "dump", data, "--topic", "nobody");
        assertThat(noTopic.exitCode()).isEqualTo(3);
        assertThat(noTopic.err()).contains("'nobody'");
    }

    @Test
    void oneFileThatCannotBeReadKeepsNoOtherFromBeingLookedAt() throws IOException {
        Path foreign = Files.createDirectory(Path.of(data, "orders-0", "00000000000000000009.log"));
        CommandLineRun verified = levada("storage", "verify", data);
        assertThat(verified.exitCode()).isEqualTo(1);
        assertThat(verified.out())
                .contains("orders-0: ")
                .contains("cannot be read")
                .contains("1 damaged");
        CommandLineRun dumped = levada("storage", "dump", data, "--records");
        assertThat(dumped.exitCode()).isEqualTo(1);
        assertThat(dumped.out()).contains("third").contains(foreign.toString()).contains("cannot be read");
        CommandLineRun repaired = levada("storage", "repair", data, "--apply");
        assertThat(repaired.exitCode()).isEqualTo(1);
        assertThat(repaired.err()).contains("1 partitions stay offline").doesNotContain("Done");
    }

    @Test
    void aBatchWithARightChecksumAndRubbishInsideIsShownAsWhatItIs() throws IOException {
        Path log = Path.of(data, "orders-0", "00000000000000000000.log");
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(log));
        bytes.putShort(21, (short) 7); // of no codec there is
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate().position(21).limit(bytes.getInt(8) + 12));
        bytes.putInt(17, (int) crc.getValue());
        Files.write(log, bytes.array());
        CommandLineRun dumped = levada("storage", "dump", data, "--topic", "orders", "--records");
        assertThat(dumped.exitCode()).as(dumped.err()).isZero();
        assertThat(dumped.out())
                .contains("codec 7")
                .contains("records cannot be read")
                .contains("third");
        String json = levada("storage", "dump", data, "--topic", "orders", "--records", "--output", "json")
                .out();
        assertThat(new ObjectMapper()
                        .readTree(json.lines().findFirst().orElseThrow())
                        .path("error")
                        .asText())
                .contains("records cannot be read");
    }

    private EmbeddedBroker start() {
        return EmbeddedBroker.start(
                BrokerConfig.from(Map.of("broker.listeners", "PLAINTEXT://127.0.0.1:0", "data.dir", data)));
    }

    /** Changes a letter of the second record. */
    private void damage() throws IOException {
        Path log = Path.of(data, "orders-0", "00000000000000000000.log");
        byte[] bytes = Files.readAllBytes(log);
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("second")] ^= 1;
        Files.write(log, bytes);
    }
}
