/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.logging.LoggedLines;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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

    @ParameterizedTest
    @CsvSource({
        "group.id, ''",
        "config.storage.topic, ''",
        "offset.storage.topic, ''",
        "status.storage.topic, ''",
        "status.storage.topic, my statuses",
        "status.storage.topic, .."
    })
    void nameThatGroupOrTopicCannotHaveIsRefusedByItsKey(String key, String name) {
        assertThatThrownBy(() -> WorkerConfig.from(Map.of(key, name)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
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
    void howLongATaskMustRunToBeForgivenIsSetByItsKey() {
        String key = "errors.restart.healthy.ms";
        RestartPolicy policy = WorkerConfig.from(Map.of(key, "5000")).restart();

        assertThat(policy.healthy()).isEqualTo(Duration.ofSeconds(5));
        assertThat(policy.overriddenBy(Map.of(key, "7000")).healthy()).isEqualTo(Duration.ofSeconds(7));
        assertThat(policy.overriddenBy(Map.of()).healthy()).isEqualTo(Duration.ofSeconds(5));
        assertThat(RestartPolicy.problems(Map.of(key, "0"))).containsOnlyKeys(key);
        assertThatThrownBy(() -> WorkerConfig.from(Map.of(key, "0"))).hasMessageContaining(key);
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

    @ParameterizedTest
    @CsvSource(textBlock = """
            '',                                                             true
            bootstrap.servers=k:9092,                                       false
            bootstrap.servers=k:9092 exactly.once.source.support=enabled,   true
            bootstrap.servers=k:9092 exactly.once.source.support=ENABLED,   true
            bootstrap.servers=k:9092 exactly.once.source.support=preparing, false
            exactly.once.source.support=disabled,                           false
            exactly.once.source.support=Disabled,                           false
            exactly.once.source.support=preparing,                          false
            offset.storage.file.filename=f,                                 false
            offset.storage.file.filename=f group.id=g,                      true
            """)
    void sourcesDeliverExactlyOnceWhereItIsSaidAndOnTheBrokerInside(String given, boolean exactlyOnce) {
        assertThat(WorkerConfig.from(properties(given)).exactlyOnceSources()).isEqualTo(exactlyOnce);
    }

    @Test
    void spacesBehindAValueDoNotMatter() {
        assertThat(WorkerConfig.from(Map.of("bootstrap.servers", "k:9092", "exactly.once.source.support", " Enabled "))
                        .exactlyOnceSources())
                .isTrue();
        assertThat(WorkerConfig.from(Map.of(
                                "offset.storage.file.filename", "f ", "exactly.once.source.support", "DISABLED "))
                        .offsetsFile())
                .contains(Path.of("f"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exactly.once.source.support=PREPARING",
                "plugin.discovery=HYBRID_WARN",
                "plugin.discovery=Only_Scan",
                "connect.protocol=COMPATIBLE",
                "metadata.recovery.strategy=REBOOTSTRAP",
                "security.protocol=sasl_ssl",
                "config.storage.replication.factor=-1",
                "offset.storage.partitions=-1",
                "status.storage.partitions=1",
                "session.timeout.ms=20000 heartbeat.interval.ms=19999"
            })
    void whatKafkaConnectTakesIsTaken(String given) {
        assertThat(WorkerConfig.from(properties(given)).properties()).isEqualTo(properties(given));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "exactly.once.source.support=yes",
                "plugin.discovery=hybrid",
                "connect.protocol=sessions",
                "metadata.recovery.strategy=always",
                "security.protocol=FOO",
                "config.storage.replication.factor=0",
                "config.storage.replication.factor=-2",
                "offset.storage.replication.factor=0",
                "status.storage.replication.factor=0",
                "offset.storage.partitions=0",
                "offset.storage.partitions=-2",
                "status.storage.partitions=0",
                "session.timeout.ms=0",
                "session.timeout.ms=-1",
                "rebalance.timeout.ms=0",
                "heartbeat.interval.ms=0",
                "heartbeat.interval.ms=-1"
            })
    void aValueThatMakesNoSenseIsNamedWithItsKey(String given) {
        String[] keyAndValue = given.split("=", 2);
        assertThatThrownBy(() -> WorkerConfig.from(properties(given)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(keyAndValue[0])
                .hasMessageContaining(keyAndValue[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"session.timeout.ms=3000", "heartbeat.interval.ms=10000"})
    void aSessionIsLongerThanTheTimeBetweenHeartbeats(String given) {
        assertThatThrownBy(() -> WorkerConfig.from(properties(given)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("session.timeout.ms")
                .hasMessageContaining("heartbeat.interval.ms");
    }

    /** As the listeners read it. */
    @Test
    void whetherClientsAreAskedForACertificateMayBeSaidInAnyCase() {
        assertThat(WorkerConfig.from(properties("ssl.client.auth=Required")).text("ssl.client.auth"))
                .isEqualTo("Required");
    }

    @Test
    void keysOfAdminListenersAreNoMisspeltOnesOfAdminClients() {
        assertThat(UnknownWorkerKeys.in(Map.of(
                        "admin.listeners.https.ssl.keystore.location", "x",
                        "admin.listeners.https.ssl.client.auth", "required")))
                .isEmpty();
    }

    @Test
    void misspeltKeysOfRestAreFoundBelowItsPrefixes() {
        assertThat(UnknownWorkerKeys.in(Map.of("rest.advertised.hostname", "x")))
                .isEqualTo(Map.of("rest.advertised.hostname", List.of("rest.advertised.host.name")));
        assertThat(UnknownWorkerKeys.in(Map.of("listeners.https.ssl.client.aut", "required")))
                .isEqualTo(Map.of("listeners.https.ssl.client.aut", List.of("listeners.https.ssl.client.auth")));
        assertThat(UnknownWorkerKeys.in(Map.of("rest.acme.realm", "x", "listeners.https.ssl.keystore.type", "PEM")))
                .isEmpty();
    }

    @Test
    void aFileOfOffsetsBesideAGroupIsWarnedOf() {
        assertThat(warnings("offset.storage.file.filename=f group.id=g"))
                .singleElement()
                .satisfies(warning -> assertThat(warning.message())
                        .contains("has no effect beside group.id")
                        .contains("offset.storage.topic"));
        assertThat(warnings("offset.storage.file.filename=f config.storage.topic=c"))
                .singleElement()
                .satisfies(warning ->
                        assertThat(warning.values()).containsOnlyKeys("keys").containsValue("config.storage.topic"));
        assertThat(warnings("offset.storage.file.filename=f")).isEmpty();
    }

    private static List<LoggedLines.Line> warnings(String given) {
        try (LoggedLines log = LoggedLines.warningsOf(Standalone.class)) {
            WorkerConfig config = WorkerConfig.from(properties(given));
            assertThat(config).isNotNull();
            return log.lines();
        }
    }

    /** Properties as {@code key=value}, with spaces between. */
    private static Map<String, String> properties(String given) {
        Map<String, String> properties = new HashMap<>();
        for (String property : given.split(" ", -1)) {
            if (!property.isEmpty()) {
                String[] keyAndValue = property.split("=", 2);
                properties.put(keyAndValue[0], keyAndValue[1]);
            }
        }
        return properties;
    }
}
