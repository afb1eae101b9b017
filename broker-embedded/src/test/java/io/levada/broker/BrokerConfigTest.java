/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.clean.CleanerConfig;
import io.levada.broker.log.FlushPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerConfigTest {
    @Test
    void defaultsAreSafe() {
        BrokerConfig config = BrokerConfig.from(Map.of());
        assertThat(config.listeners())
                .singleElement()
                .satisfies(endpoint -> assertThat(endpoint.address()).isEqualTo("localhost:9092"));
        assertThat(config.dataDir()).isEqualTo(Path.of("levada-data"));
        assertThat(config.flush()).isEqualTo(FlushPolicy.FSYNC);
        assertThat(config.autoCreateTopics()).isTrue();
        assertThat(config.topics().partitions()).isEqualTo(1);
        assertThat(config.connections().frames().first()).isEqualTo(2 * 1024 * 1024);
        assertThat(config.connections().frames().later()).isEqualTo(100 * 1024 * 1024);
        assertThat(config.connections().idleMax()).isEqualTo(Duration.ofMinutes(10));
        assertThat(config.groups().offsetsPartitions()).isEqualTo(5);
        assertThat(config.groups().initialDelay()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PLAINTEXT://0.0.0.0:9092",
                "PLAINTEXT://:9092",
                "PLAINTEXT://[::]:9092",
                "PLAINTEXT://0:9092",
                "PLAINTEXT://192.0.2.1:9092",
                "INSIDE://localhost:9092,OUTSIDE://192.0.2.1:9093"
            })
    void aListenerThatOthersCanReachIsRefusedUnlessTheUserSaysSo(String listeners) {
        assertThatThrownBy(() -> BrokerConfig.from(Map.of("broker.listeners", listeners)))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("where others can reach it, and nobody has to log in")
                .hasMessageContaining("broker.insecure=true");
        assertThat(BrokerConfig.from(Map.of("broker.listeners", listeners, "broker.insecure", "true"))
                        .listeners())
                .isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"PLAINTEXT://localhost:9092", "PLAINTEXT://127.0.0.2:9092", "PLAINTEXT://[::1]:9092"})
    void aListenerOfThisMachineAloneNeedsNoConsent(String listener) {
        assertThat(BrokerConfig.from(Map.of("broker.listeners", listener)).listeners())
                .hasSize(1);
    }

    @Test
    void aHostThatDoesNotResolveIsNamed() {
        assertThatThrownBy(() -> BrokerConfig.from(Map.of("broker.listeners", "PLAINTEXT://no-such-host.invalid:9092")))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("there is no host 'no-such-host.invalid'")
                .hasMessageContaining("broker.listeners");
    }

    @Test
    void theCleanerHasWhatItsKeysSay() {
        assertThat(BrokerConfig.from(Map.of()).cleaner())
                .isEqualTo(new CleanerConfig(true, 1, 32 << 20, 0.9, Double.MAX_VALUE, Duration.ofSeconds(15)));
        Map<String, String> all = Map.of(
                "broker.log.cleaner.enable", "false",
                "broker.log.cleaner.threads", "2",
                "broker.log.cleaner.dedupe.buffer.size", "3000000",
                "broker.log.cleaner.io.buffer.load.factor", "0.5",
                "broker.log.cleaner.io.max.bytes.per.second", "1000000",
                "broker.log.cleaner.backoff.ms", "7");
        assertThat(BrokerConfig.from(all).cleaner())
                .isEqualTo(new CleanerConfig(false, 2, 3_000_000, 0.5, 1_000_000, Duration.ofMillis(7)));
    }

    @Test
    void keysOfOthersAreLeftAlone() {
        assertThat(BrokerConfig.from(Map.of("group.id", "x", "rest.port", "1"))).isNotNull();
    }

    @Test
    void kafkasCoarserUnitsAreUnderstood() {
        BrokerConfig config = BrokerConfig.from(Map.of("broker.log.retention.hours", "2", "broker.log.roll.ms", "5"));
        assertThat(config.topics().configs())
                .containsEntry("retention.ms", "7200000")
                .containsEntry("segment.ms", "5");
    }

    @Test
    void unknownKeyIsRefusedWithTheNearestKnownOne() {
        assertThatThrownBy(() -> BrokerConfig.from(Map.of("broker.log.retention.sm", "1")))
                .isInstanceOf(BrokerStartException.class)
                .hasMessageContaining("broker.log.retention.sm")
                .hasMessageContaining("did you mean broker.log.retention.ms?");
    }

    @Test
    void allWrongValuesAreToldTogether() {
        assertThatThrownBy(() -> BrokerConfig.from(Map.of(
                        "broker.num.partitions", "many",
                        "broker.flush", "never",
                        "broker.log.segment.bytes", "big")))
                .hasMessageContaining("broker.num.partitions")
                .hasMessageContaining("broker.flush")
                .hasMessageContaining("segment.bytes");
    }

    @Test
    void listenersMustBePlainAndDifferent() {
        assertThatThrownBy(() -> BrokerConfig.from(Map.of("broker.listeners", "SASL_SSL://localhost:9092")))
                .hasMessageContaining("SASL_SSL");
        assertThatThrownBy(() -> BrokerConfig.from(
                        Map.of("broker.listeners", "PLAINTEXT://localhost:1,PLAINTEXT://localhost:2")))
                .hasMessageContaining("twice");
        assertThatThrownBy(() -> BrokerConfig.from(Map.of("broker.listeners", "localhost:9092")))
                .hasMessageContaining("PLAINTEXT://host:port");
    }
}
