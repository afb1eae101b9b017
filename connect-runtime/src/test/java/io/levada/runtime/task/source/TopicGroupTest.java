/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TopicGroupTest {
    private final Map<String, @Nullable String> config = new HashMap<>(Map.of(
            "topic.creation.default.partitions", "2",
            "topic.creation.default.replication.factor", "-1",
            "topic.creation.groups", "big",
            "topic.creation.big.include", "orders.*, items",
            "topic.creation.big.exclude", "orders-old",
            "topic.creation.big.partitions", "9",
            "topic.creation.big.retention.ms", "5"));

    private NewTopic created(String topic) {
        return TopicGroup.of(config).stream()
                .filter(group -> group.takes(topic))
                .findFirst()
                .orElseThrow()
                .create(topic);
    }

    @Test
    void theFirstGroupThatTakesATopicSaysHowItIsMade() {
        assertThat(created("orders-new").numPartitions()).isEqualTo(9);
        assertThat(created("orders-new").configs()).isEqualTo(Map.of("retention.ms", "5"));
        assertThat(created("items").numPartitions()).isEqualTo(9);
        assertThat(List.of(
                        created("orders-old").numPartitions(),
                        created("more-items").numPartitions()))
                .containsOnly(2);
        assertThat(created("items").replicationFactor()).isEqualTo((short) -1);
    }

    @ParameterizedTest
    @CsvSource({
        "topic.creation.big.include, (, Not a regular expression",
        "topic.creation.big.exclude, '[a,b', Not a regular expression",
        "topic.creation.default.partitions, 0, Must be from 1",
        "topic.creation.big.partitions, -2, Must be from 1",
        "topic.creation.default.replication.factor, 70000, Must be from 1 to 32767",
        "topic.creation.big.replication.factor, two, Not a whole number",
    })
    void whatMakesNoSenseIsNamed(String key, String value, String why) {
        config.put(key, value);

        assertThatThrownBy(() -> TopicGroup.of(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("for configuration " + key)
                .hasMessageContaining(why);
    }

    @Test
    void theDefaultsAreRequired() {
        config.remove("topic.creation.default.replication.factor");

        assertThatThrownBy(() -> TopicGroup.of(config))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Missing required configuration \"topic.creation.default.replication.factor\"");
    }
}
