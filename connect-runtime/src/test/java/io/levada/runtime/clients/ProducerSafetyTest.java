/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.logging.LoggedLines;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ProducerSafetyTest {
    private static final TaskId TASK = new ConnectorName("c").task(0);

    /** What the producer itself makes of it. */
    private static ProducerConfig producer(Map<String, String> worker, Map<String, String> connector) {
        return new ProducerConfig(clients(worker).sourceProducer(TASK, new HashMap<>(connector)));
    }

    private static ProducerConfig transactional(
            Map<String, String> worker, Map<String, String> connector, Duration interval) {
        return new ProducerConfig(clients(worker).transactionalProducer(TASK, new HashMap<>(connector), interval));
    }

    private static ClientConfigs clients(Map<String, String> worker) {
        Map<String, String> properties = new HashMap<>(worker);
        properties.put("bootstrap.servers", "localhost:1");
        return new ClientConfigs(WorkerConfig.from(properties), new OverridePolicy.All(), "cluster-1");
    }

    private static Map<String, String> settings(String prefix, String listed) {
        return Arrays.stream(listed.split(";"))
                .filter(setting -> !setting.isBlank())
                .map(setting -> setting.split("="))
                .collect(Collectors.toMap(setting -> prefix + setting[0], setting -> setting[1]));
    }

    @ParameterizedTest
    @CsvSource({
        "'', true, 5, -1",
        "acks=1, false, 1, 1",
        "acks=0, false, 1, 0",
        "acks=-1, true, 5, -1",
        "retries=0, false, 1, -1",
        "retries=7, true, 5, -1",
        "enable.idempotence=false, false, 1, -1",
        "enable.idempotence=FALSE, false, 1, -1",
        "enable.idempotence=true, true, 5, -1",
        "acks=1;max.in.flight.requests.per.connection=3, false, 1, 1",
        "retries=0;max.in.flight.requests.per.connection=3, false, 3, -1",
        "enable.idempotence=false;max.in.flight.requests.per.connection=9, false, 1, -1",
        "max.in.flight.requests.per.connection=9, true, 5, -1",
        "max.in.flight.requests.per.connection=2, true, 2, -1",
        "enable.idempotence=true;max.in.flight.requests.per.connection=9, true, 5, -1",
    })
    void orderIsKeptWhateverIsOverridden(String given, boolean idempotent, int inFlight, String acks) {
        for (ProducerConfig made : new ProducerConfig[] {
            producer(Map.of(), settings("producer.override.", given)), producer(settings("producer.", given), Map.of())
        }) {
            assertThat(made.getBoolean("enable.idempotence")).isEqualTo(idempotent);
            assertThat(made.getInt("max.in.flight.requests.per.connection")).isEqualTo(inFlight);
            assertThat(made.getString("acks")).isEqualTo(acks);
        }
    }

    /** What transactions need cannot be overridden, and what is set beside it must not contradict it. */
    @ParameterizedTest
    @CsvSource({
        "'', 5",
        "acks=1, 5",
        "acks=1;enable.idempotence=true, 5",
        "retries=0, 5",
        "enable.idempotence=false, 5",
        "enable.idempotence=false;max.in.flight.requests.per.connection=9, 5",
        "max.in.flight.requests.per.connection=2, 2",
    })
    void transactionsGetWhatTheyNeedWhateverIsOverridden(String given, int inFlight) {
        for (ProducerConfig made : new ProducerConfig[] {
            transactional(Map.of(), settings("producer.override.", given), Duration.ZERO),
            transactional(settings("producer.", given), Map.of(), Duration.ZERO)
        }) {
            assertThat(made.getBoolean("enable.idempotence")).isTrue();
            assertThat(made.getString("acks")).isEqualTo("-1");
            assertThat(made.getInt("retries")).isPositive();
            assertThat(made.getInt("max.in.flight.requests.per.connection")).isEqualTo(inFlight);
            assertThat(made.getString("transactional.id")).isEqualTo("connect-cluster-c-0");
        }
    }

    /** The table of docs/delivery.md, row by row: whoever set it finds the key as written there, its value, and what comes of it. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "acks=1 | acks=1 | one request at a time is sent",
                "acks=0 | acks=0 | one request at a time is sent",
                "retries=0 | retries=0 | one request at a time is sent",
                "enable.idempotence=false | enable.idempotence=false | one request at a time is sent",
                "acks=1;max.in.flight.requests.per.connection=2 | acks=1 max.in.flight.requests.per.connection=2"
                        + " | one request at a time is sent",
                "enable.idempotence=false;max.in.flight.requests.per.connection=2 | enable.idempotence=false"
                        + " max.in.flight.requests.per.connection=2 | one request at a time is sent",
                "max.in.flight.requests.per.connection=9 | max.in.flight.requests.per.connection=9 | 5 requests are in flight at most",
                "acks=1 | acks=1 | count as delivered, and are lost with it",
                "acks=0 | acks=0 | count as delivered, and are lost with it",
            })
    void whatIsWeakenedOrChangedIsToldWithKeyAndValue(String given, String named, String told) {
        assertThat(warnings(() -> producer(Map.of(), settings("producer.override.", given))))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(prefixed("producer.override.", named) + " | ")
                        .contains(told));
        assertThat(warnings(() -> producer(settings("producer.", given), Map.of())))
                .anySatisfy(warning -> assertThat(warning)
                        .startsWith(prefixed("producer.", named) + " | ")
                        .contains(told));
    }

    @ParameterizedTest
    @CsvSource({
        "''",
        "acks=all",
        "enable.idempotence=true",
        "max.in.flight.requests.per.connection=5",
        "retries=3",
        "linger.ms=7",
    })
    void whatIsSafeIsNotTold(String given) {
        assertThat(warnings(() -> producer(Map.of(), settings("producer.override.", given))))
                .isEmpty();
        assertThat(warnings(() -> transactional(Map.of(), settings("producer.override.", given), Duration.ZERO)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"acks=1", "retries=0", "enable.idempotence=false"})
    void whatTransactionsDoNotTakeIsToldWithKeyAndValue(String given) {
        assertThat(warnings(() -> transactional(Map.of(), settings("producer.override.", given), Duration.ZERO)))
                .singleElement()
                .asString()
                .startsWith("producer.override." + given + " | ")
                .contains("are used all the same");
    }

    private static String prefixed(String prefix, String named) {
        return Arrays.stream(named.split(" ")).map(prefix::concat).collect(Collectors.joining(" "));
    }

    /** What is logged meanwhile, each with its keys and values in front. */
    private static List<String> warnings(Runnable making) {
        try (LoggedLines log = LoggedLines.warningsOf(ProducerSafety.class)) {
            making.run();
            return log.lines().stream()
                    .map(line -> line.values().entrySet().stream()
                                    .map(value -> value.getKey() + "=" + value.getValue())
                                    .collect(Collectors.joining(" "))
                            + " | " + line.message())
                    .toList();
        }
    }

    @Test
    void brokersWaitForLongerThanATransactionIsLeftOpenUnlessToldOtherwise() {
        assertThat(transactional(Map.of(), Map.of(), Duration.ZERO).getInt("transaction.timeout.ms"))
                .isEqualTo(60_000);
        assertThat(transactional(Map.of(), Map.of(), Duration.ofMinutes(1)).getInt("transaction.timeout.ms"))
                .isEqualTo(120_000);
        assertThat(transactional(Map.of(), Map.of(), Duration.ofDays(1)).getInt("transaction.timeout.ms"))
                .isEqualTo(900_000);
        assertThat(transactional(
                                Map.of(),
                                Map.of("producer.override.transaction.timeout.ms", "7"),
                                Duration.ofMinutes(1))
                        .getInt("transaction.timeout.ms"))
                .isEqualTo(7);
    }

    @Test
    void idempotenceThatIsAskedForAndMadeImpossibleIsRefusedWithBothKeys() {
        assertThatThrownBy(() ->
                        producer(Map.of("producer.acks", "1"), Map.of("producer.override.enable.idempotence", "true")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Invalid value 1 for configuration producer.acks")
                .hasMessageContaining("producer.override.enable.idempotence=true");
        assertThatThrownBy(() -> producer(
                        Map.of("producer.enable.idempotence", "true"), Map.of("producer.override.retries", "0")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("Invalid value 0 for configuration producer.override.retries")
                .hasMessageContaining("producer.enable.idempotence=true");
    }

    @Test
    void sourcesSendBigBatchesUnlessToldOtherwise() {
        assertThat(producer(Map.of(), Map.of()).getInt("batch.size")).isEqualTo(262_144);
        assertThat(producer(Map.of("producer.batch.size", "5"), Map.of()).getInt("batch.size"))
                .isEqualTo(5);
        assertThat(producer(Map.of(), Map.of("producer.override.batch.size", "6"))
                        .getInt("batch.size"))
                .isEqualTo(6);
        assertThat(producer(Map.of(), Map.of("producer.override.buffer.memory", "65536"))
                        .getInt("batch.size"))
                .isEqualTo(16_384);
    }
}
