/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clients that do not share a line of code with us: librdkafka, and the tools of an Apache Kafka release. */
@Timeout(600)
class OtherClientsTest {
    @TempDir
    Path dir;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = TestBroker.in(dir);
    }

    @AfterEach
    void stop() {
        broker.close();
    }

    @Test
    void kcatProducesAndConsumes() throws Exception {
        broker.createTopic("orders", 2);
        Program.kcat("-b", broker.address(), "-P", "-t", "orders", "-p", "1", "-z", "lz4")
                .run("a\nb\nc\n");
        assertThat(broker.read("orders", 1, 3)).containsExactly("a", "b", "c");
        assertThat(Program.kcat("-b", broker.address(), "-C", "-t", "orders", "-p", "1", "-o", "beginning", "-e", "-q")
                        .run(""))
                .isEqualTo("a\nb\nc\n");
    }

    @Test
    void kcatListsAndJoinsAGroup() throws Exception {
        broker.createTopic("orders", 2);
        broker.produce("orders", 0, List.of("a"));
        assertThat(Program.kcat("-b", broker.address(), "-L").run("")).contains("topic \"orders\" with 2 partitions");
        assertThat(Program.kcat(
                                "-b",
                                broker.address(),
                                "-G",
                                "kcat-group",
                                "-X",
                                "auto.offset.reset=earliest",
                                "-c",
                                "1",
                                "-q",
                                "orders")
                        .run(""))
                .isEqualTo("a\n");
    }

    @Test
    void kafkasConsoleToolsProduceAndConsume() throws Exception {
        Program.kafka(
                        "org.apache.kafka.tools.TopicCommand",
                        "--bootstrap-server",
                        broker.address(),
                        "--create",
                        "--topic",
                        "orders",
                        "--partitions",
                        "3",
                        "--config",
                        "retention.ms=100000")
                .run("");
        Program.kafka(
                        "org.apache.kafka.tools.ConsoleProducer",
                        "--bootstrap-server",
                        broker.address(),
                        "--topic",
                        "orders")
                .run("one\ntwo\n");
        assertThat(Program.kafka(
                                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                                "--bootstrap-server",
                                broker.address(),
                                "--topic",
                                "orders",
                                "--from-beginning",
                                "--max-messages",
                                "2",
                                "--group",
                                "console")
                        .run("")
                        .lines())
                .containsExactlyInAnyOrder("one", "two");
        assertThat(Program.kafka(
                                "org.apache.kafka.tools.TopicCommand",
                                "--bootstrap-server",
                                broker.address(),
                                "--describe",
                                "--topic",
                                "orders")
                        .run(""))
                .contains("PartitionCount: 3", "ReplicationFactor: 1", "retention.ms=100000");
        assertThat(Program.kafka(
                                "org.apache.kafka.tools.consumer.group.ConsumerGroupCommand",
                                "--bootstrap-server",
                                broker.address(),
                                "--describe",
                                "--group",
                                "console")
                        .run(""))
                .contains("orders");
    }

    @Test
    void kafkaReadsOurConsumerOffsetsTopic() throws Exception {
        broker.createTopic("orders", 1);
        try (Admin admin = broker.admin()) {
            TestBroker.get(admin.alterConsumerGroupOffsets(
                            "readers", Map.of(new TopicPartition("orders", 0), new OffsetAndMetadata(41, "a note")))
                    .all());
        }
        assertThat(Program.kafka(
                                "org.apache.kafka.tools.consumer.ConsoleConsumer",
                                "--bootstrap-server",
                                broker.address(),
                                "--topic",
                                "__consumer_offsets",
                                "--from-beginning",
                                "--timeout-ms",
                                "5000",
                                "--formatter",
                                "org.apache.kafka.tools.consumer.OffsetsMessageFormatter")
                        .run(""))
                .contains("\"group\":\"readers\"", "\"topic\":\"orders\"", "\"offset\":41", "\"metadata\":\"a note\"");
    }
}
