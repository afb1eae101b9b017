/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class WorkerConfigTest {
    @Test
    void nothingNeedsToBeWritten() {
        WorkerConfig config = WorkerConfig.from(Map.of());

        assertThat(config.embedsBroker()).isTrue();
        assertThat(config.groupId()).isEqualTo("connect-cluster");
        assertThat(config.topics().configs()).isEqualTo(new InternalTopic("connect-configs", 1, (short) 1, Map.of()));
        assertThat(config.topics().offsets()).isEqualTo(new InternalTopic("connect-offsets", 25, (short) 1, Map.of()));
        assertThat(config.topics().statuses()).isEqualTo(new InternalTopic("connect-status", 5, (short) 1, Map.of()));
        assertThat(config.timeouts().flushInterval()).isEqualTo(Duration.ofSeconds(60));
        assertThat(config.text("listeners")).isEqualTo("http://localhost:8083");
        assertThat(config.text("value.converter")).isEqualTo("io.levada.connect.converters.JsonConverter");
    }

    @Test
    void topicsOnAForeignClusterAreReplicatedAsInKafkaConnect() {
        WorkerConfig config = WorkerConfig.from(Map.of(
                "bootstrap.servers",
                "k:9092",
                "status.storage.replication.factor",
                "-1",
                "offset.storage.segment.bytes",
                "1048576"));

        assertThat(config.topics().configs().replicationFactor()).isEqualTo((short) 3);
        assertThat(config.topics().statuses().replicationFactor()).isEqualTo((short) -1);
        assertThat(config.topics().offsets().settings()).containsExactly(Map.entry("segment.bytes", "1048576"));
    }

    @Test
    void wrongValueNamesKeyAndValue() {
        assertThatThrownBy(() -> WorkerConfig.from(Map.of("offset.flush.interval.ms", "soon")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("offset.flush.interval.ms")
                .hasMessageContaining("soon");
    }

    @Test
    void nearestKeyIsFoundForATypo() {
        assertThat(UnknownWorkerKeys.in(Map.of("ofset.flush.intervall.ms", "1")))
                .isEqualTo(Map.of("ofset.flush.intervall.ms", List.of("offset.flush.interval.ms")));
        assertThat(UnknownWorkerKeys.in(Map.of("zzz", "1"))).isEqualTo(Map.of("zzz", List.of()));
    }

    @Test
    void keysBelowAPrefixAreLookedForThere() {
        assertThat(UnknownWorkerKeys.in(Map.of("producer.lingr.ms", "1")))
                .isEqualTo(Map.of("producer.lingr.ms", List.of("producer.linger.ms")));
        assertThat(UnknownWorkerKeys.in(Map.of("borker.listeners", "1")))
                .isEqualTo(Map.of("borker.listeners", List.of("broker.listeners")));
        assertThat(UnknownWorkerKeys.in(
                        Map.of("producer.linger.ms", "1", "consumer.my.interceptor.key", "x", "broker.x", "y")))
                .isEmpty();
    }

    @Test
    void restartsComeLaterEachTimeUpToTheirBound() {
        RestartPolicy policy =
                new RestartPolicy(3, Duration.ofSeconds(1), Duration.ofSeconds(3), Duration.ofMinutes(1));

        assertThat(policy.delayAfter(0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(policy.delayAfter(1)).isEqualTo(Duration.ofSeconds(2));
        assertThat(policy.delayAfter(60)).isEqualTo(Duration.ofSeconds(3));
        assertThat(policy.allows(2)).isTrue();
        assertThat(policy.allows(3)).isFalse();
        assertThat(policy.overriddenBy(Map.of("errors.restart.max", "0")).allows(0))
                .isFalse();
    }

    @Test
    void aFileOfOffsetsMakesAWorkerWithoutAGroup() {
        assertThat(WorkerConfig.from(Map.of()).offsetsFile()).isEmpty();
        assertThat(WorkerConfig.from(Map.of("offset.storage.file.filename", "/tmp/connect.offsets"))
                        .offsetsFile())
                .contains(Path.of("/tmp/connect.offsets"));
        assertThat(WorkerConfig.from(Map.of("offset.storage.file.filename", "/tmp/connect.offsets", "group.id", "g"))
                        .offsetsFile())
                .as("a group keeps them in a topic")
                .isEmpty();
        assertThatThrownBy(() -> WorkerConfig.from(Map.of("offset.storage.file.filename", " ")))
                .hasMessageContaining("offset.storage.file.filename");
        assertThatThrownBy(() -> WorkerConfig.from(
                        Map.of("offset.storage.file.filename", "f", "exactly.once.source.support", "enabled")))
                .hasMessageContaining("exactly.once.source.support")
                .hasMessageContaining("group.id");
    }
}
