/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.WorkerKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

final class SignalOptionsTest {

    private final List<Map<String, Object>> borrowed = new ArrayList<>();

    private final WorkerKafka worker = settings -> {
        borrowed.add(settings);
        if (settings.containsKey("sasl.jaas.config")) {
            throw new ConfigException("sasl.jaas.config: no.");
        }
        return () -> {
            throw new IllegalStateException("not opened here");
        };
    };

    private static SignalOptions options(String brokers) {
        return new SignalOptions(List.of("kafka"), "", "", brokers, "g", Path.of("none.txt"), Duration.ofSeconds(5));
    }

    @Test
    void borrowsAConsumerOnlyWhereNoBrokersAreNamed() {
        assertThat(options("").besides(Map.of("signal.consumer.fetch.min.bytes", "1"), "p", worker))
                .isNotNull();
        assertThat(borrowed)
                .singleElement()
                .satisfies(settings -> assertThat(settings)
                        .containsEntry("group.id", "g")
                        .containsEntry("fetch.min.bytes", "1")
                        .doesNotContainKey("bootstrap.servers"));
    }

    /** The worker's login is for the worker's brokers. */
    @Test
    void hasAConsumerOfItsOwnForBrokersThatAreNamedEitherWay() {
        assertThat(options("near:9092").besides(Map.of(), "p", worker)).isNotNull();
        assertThat(options("").besides(Map.of("signal.consumer.bootstrap.servers", "near:9092"), "p", worker))
                .isNotNull();
        assertThat(borrowed).isEmpty();
    }

    @Test
    void doesNotStartWithKeysThatTheWorkerRefuses() {
        Map<String, String> config = Map.of("signal.consumer.sasl.jaas.config", "com.acme.Login required;");
        assertThatThrownBy(() -> options("").besides(config, "p", worker))
                .isInstanceOf(ConnectException.class)
                .hasMessageContainingAll("signal.consumer.", "signal.kafka.bootstrap.servers", "sasl.jaas.config: no.");
    }
}
