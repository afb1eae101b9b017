/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ClientSettingsTest {
    private static void check(Map<String, String> worker) {
        ClientSettings.checkWorkers(WorkerConfig.from(worker));
    }

    @ParameterizedTest
    @CsvSource({
        "producer.linger.ms, abc",
        "producer.acks, many",
        "consumer.max.poll.records, 0",
        "consumer.isolation.level, read_none",
        "admin.request.timeout.ms, soon",
        "producer.enable.idempotence, maybe"
    })
    void whatAClientDoesNotTakeIsToldWithKeyAndValue(String key, String value) {
        assertThatThrownBy(() -> check(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Invalid value " + value + " for configuration " + key + ": ")
                .hasMessageContaining("leave it out");
    }

    @Test
    void allThatIsWrongIsToldAtOnceAndInOneLine() {
        assertThatThrownBy(() -> check(Map.of("producer.linger.ms", "abc", "consumer.fetch.min.bytes", "few")))
                .hasMessageContaining("producer.linger.ms")
                .hasMessageContaining("consumer.fetch.min.bytes")
                .hasMessageNotContaining("\n");
    }

    @Test
    void classesListenersAndWhatNoClientKnowsAreNotJudged() {
        assertThatCode(() -> check(Map.of(
                        "producer.partitioner.class", "acme.OfAPlugin",
                        "consumer.interceptor.classes", "acme.OfAPlugin",
                        "admin.listeners", "http://localhost:8084",
                        "producer.of.an.interceptor", "anything",
                        "consumer.max.poll.records", " 7 ")))
                .doesNotThrowAnyException();
    }
}
