/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ClientConfigsTest {
    private static final TaskId TASK = new ConnectorName("c").task(2);

    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());

    private static ClientConfigs clients(Map<String, String> more) {
        Map<String, String> worker = new HashMap<>(more);
        worker.put("bootstrap.servers", "k:9092");
        WorkerConfig config = WorkerConfig.from(worker);
        return new ClientConfigs(config, OverridePolicy.of(config, PLUGINS), "cluster-1");
    }

    @Test
    void connectorsOverrideTheWorkerWhichOverridesTheDefaults() {
        ClientConfigs clients = clients(Map.of("producer.linger.ms", "7", "producer.batch.size", "1"));

        assertThat(clients.sourceProducer(TASK, Map.of("producer.override.batch.size", "2")))
                .containsEntry("acks", "all")
                .containsEntry("linger.ms", "7")
                .containsEntry("batch.size", "2")
                .containsEntry("client.id", "connector-producer-c-2");
        assertThat(clients.sinkConsumer(TASK, Map.of()))
                .containsEntry("group.id", "connect-c")
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("enable.auto.commit", false);
    }

    @Test
    void sinksTakeCommittedRecordsFromTheBrokerInsideUnlessTheyAreToldOtherwise() {
        String level = "isolation.level";
        Map<String, @Nullable String> told = Map.of("consumer.override." + level, "read_uncommitted");
        Map<String, @Nullable String> elsewhere = Map.of("consumer.override.bootstrap.servers", "far:9092");

        assertThat(inside(Map.of()).sinkConsumer(TASK, Map.of())).containsEntry(level, "read_committed");
        assertThat(inside(Map.of()).sinkConsumer(TASK, told)).containsEntry(level, "read_uncommitted");
        assertThat(inside(Map.of("consumer." + level, "read_uncommitted")).sinkConsumer(TASK, Map.of()))
                .containsEntry(level, "read_uncommitted");
        assertThat(inside(Map.of()).sinkConsumer(TASK, elsewhere)).doesNotContainKey(level);
        assertThat(clients(Map.of()).sinkConsumer(TASK, Map.of())).doesNotContainKey(level);
    }

    private static ClientConfigs inside(Map<String, String> worker) {
        return new ClientConfigs(WorkerConfig.from(worker), new OverridePolicy.All(), "cluster-1");
    }

    @Test
    void signalsGoToWhereTheConnectorReadsThemAsFarAsThePolicyLetsItSayHow() {
        ClientConfigs clients = clients(Map.of("producer.linger.ms", "7", "producer.security.protocol", "SSL"));
        ConnectorName name = TASK.connector();

        assertThat(clients.signals(name, Map.of("producer.override.bootstrap.servers", "far:9092")))
                .containsEntry("bootstrap.servers", "k:9092")
                .containsEntry("security.protocol", "SSL")
                .containsEntry("linger.ms", "7");
        Map<String, @Nullable String> elsewhere = new HashMap<>();
        elsewhere.put("signal.kafka.bootstrap.servers", "near:9092");
        elsewhere.put("signal.consumer.fetch.min.bytes", "1");
        assertThat(clients.signals(name, elsewhere))
                .containsEntry("bootstrap.servers", "near:9092")
                .doesNotContainKeys("security.protocol", "fetch.min.bytes");
        elsewhere.put("signal.consumer.sasl.jaas.config", "com.acme.Login required;");
        assertThatThrownBy(() -> clients.signals(name, elsewhere))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sasl.jaas.config");
    }

    @Test
    void signalsGoToWhereAConsumerOfTheConnectorGoes() {
        ConnectorName name = TASK.connector();

        assertThat(clients(Map.of()).signals(name, Map.of("signal.consumer.bootstrap.servers", "near:9092")))
                .containsEntry("bootstrap.servers", "near:9092");
        assertThat(clients(Map.of("consumer.bootstrap.servers", "far:9092", "consumer.security.protocol", "SSL"))
                        .signals(name, Map.of()))
                .containsEntry("bootstrap.servers", "far:9092")
                .containsEntry("security.protocol", "SSL");
        assertThat(inside(Map.of()).signals(name, Map.of("consumer.override.bootstrap.servers", "far:9092")))
                .containsEntry("bootstrap.servers", "far:9092");
    }

    /** It has the worker's login, which a connector that could choose the brokers could have sent to itself. */
    @Test
    void lendsAConsumerOnlyForTheWorkersOwnBrokersAndAsThePolicyHasIt() {
        ClientConfigs clients = clients(Map.of("consumer.fetch.min.bytes", "8", "consumer.sasl.jaas.config", "secret"));

        assertThat(clients.lentConsumer(TASK, Map.of(), Map.of("group.id", "g", "fetch.max.bytes", "9")))
                .containsEntry("bootstrap.servers", "k:9092")
                .containsEntry("fetch.min.bytes", "8")
                .containsEntry("fetch.max.bytes", "9")
                .containsEntry("group.id", "g");
        for (String key : List.of("config.providers", "partition.assignment.strategy")) {
            assertThatThrownBy(() -> clients.lentConsumer(TASK, Map.of(), Map.of(key, "x")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining(OverridePolicy.ALLOWLIST);
        }
        ClientConfigs all = inside(Map.of());
        for (String key : List.of(
                "bootstrap.servers",
                "security.protocol",
                "sasl.mechanism",
                "ssl.truststore.location",
                "client.dns.lookup",
                "interceptor.classes",
                "metric.reporters")) {
            assertThatThrownBy(() -> all.lentConsumer(TASK, Map.of(), Map.of(key, "x")))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(key);
        }
        ClientConfigs none = clients(Map.of(OverridePolicy.KEY, "None"));
        Map<String, Object> chosen = Map.of("client.id", "i", "group.id", "g", "enable.auto.commit", false);
        assertThat(none.lentConsumer(TASK, Map.of(), chosen)).containsAllEntriesOf(chosen);
    }

    @Test
    void clientsOfAConnectorsOwnOffsetTopicAreItsOwn() {
        ClientConfigs clients = clients(Map.of("producer.linger.ms", "7", "consumer.fetch.min.bytes", "8"));
        ConnectorName name = TASK.connector();

        assertThat(clients.offsetProducer(name, Map.of("producer.override.batch.size", "2")))
                .containsEntry("acks", "all")
                .containsEntry("linger.ms", "7")
                .containsEntry("batch.size", "2")
                .containsEntry("client.id", "connector-offset-producer-c");
        assertThat(clients.offsetConsumer(
                        name,
                        Map.of(
                                "consumer.override.fetch.max.bytes",
                                "9",
                                "consumer.override.isolation.level",
                                "read_uncommitted",
                                "consumer.override.group.id",
                                "g",
                                "consumer.override.group.instance.id",
                                "i")))
                .containsEntry("fetch.min.bytes", "8")
                .containsEntry("fetch.max.bytes", "9")
                .containsEntry("isolation.level", "read_committed")
                .containsEntry("auto.offset.reset", "earliest")
                .containsEntry("enable.auto.commit", false)
                .containsEntry("client.id", "connector-offset-consumer-c")
                .doesNotContainKeys("group.id", "group.instance.id");
    }

    /** An older offset in another partition might be read after the newer one. */
    @Test
    void offsetsAreInThePartitionsOfTheirKeysWhereverRecordsGo() {
        Map<String, String> scattering = Map.of(
                "partitioner.ignore.keys", "true",
                "partitioner.class", "org.apache.kafka.clients.producer.RoundRobinPartitioner",
                "transactional.id", "t");
        Map<String, String> worker = new HashMap<>(scattering);
        scattering.forEach((key, value) -> worker.put("producer." + key, value));
        worker.put("bootstrap.servers", "k:9092");

        assertThat(List.of(
                        clients(worker)
                                .offsetProducer(
                                        TASK.connector(), Map.of("producer.override.partitioner.ignore.keys", "true")),
                        new InternalClients(WorkerConfig.from(worker)).producer()))
                .allSatisfy(settings -> assertThat(settings)
                        .doesNotContainKeys(scattering.keySet().toArray(String[]::new)));
        assertThat(clients(worker).sourceProducer(TASK, Map.of()))
                .containsKeys(scattering.keySet().toArray(String[]::new));
    }

    @Test
    void whatReadsOrManagesWhatASourceWritesGoesToTheSameBrokers() {
        ClientConfigs clients = clients(Map.of(
                "connector.client.config.override.policy", "All",
                "consumer.security.protocol", "PLAINTEXT",
                "consumer.sasl.mechanism", "PLAIN"));
        ConnectorName name = TASK.connector();
        Map<String, @Nullable String> there = Map.of(
                "producer.override.bootstrap.servers", "far:1,away:2", "producer.override.security.protocol", "SSL");

        assertThat(clients.writesElsewhere(name, there)).isTrue();
        assertThat(List.of(clients.offsetConsumer(name, there), clients.sourceAdmin("a", name, there)))
                .allSatisfy(settings -> assertThat(settings)
                        .containsEntry("bootstrap.servers", "far:1,away:2")
                        .containsEntry("security.protocol", "SSL")
                        .doesNotContainKey("sasl.mechanism"));
        Map<String, @Nullable String> told = new HashMap<>(there);
        told.put("consumer.override.bootstrap.servers", "alias:3");
        assertThat(clients.offsetConsumer(name, told))
                .containsEntry("bootstrap.servers", "alias:3")
                .containsEntry("security.protocol", "PLAINTEXT");
    }

    @Test
    void aSourceThatNamesTheWorkersBrokersWritesWhereTheWorkerDoes() {
        ClientConfigs clients = clients(Map.of("connector.client.config.override.policy", "All"));

        assertThat(clients.writesElsewhere(TASK.connector(), Map.of("producer.override.bootstrap.servers", " k:9092")))
                .isFalse();
        assertThat(clients.writesElsewhere(TASK.connector(), Map.of())).isFalse();
        assertThat(clients(Map.of("producer.bootstrap.servers", "other:1")).writesElsewhere(TASK.connector(), Map.of()))
                .isTrue();
    }

    /** Written otherwise, it may be the same cluster, and the worker's own login there must not be taken away. */
    @Test
    void adminClientsOfSourcesGoWhereTheWorkersKeySays() {
        ClientConfigs clients = clients(Map.of(
                "producer.bootstrap.servers", "b1:1",
                "admin.bootstrap.servers", "b1:1,b2:1",
                "admin.sasl.jaas.config", "PlainLoginModule required;"));

        assertThat(clients.sourceAdmin("a", TASK.connector(), Map.of()))
                .containsEntry("bootstrap.servers", "b1:1,b2:1")
                .containsEntry("sasl.jaas.config", "PlainLoginModule required;");
    }

    @Test
    void reportersOfClientsAreToldWhoseMetricsTheySee() {
        ClientConfigs clients = clients(Map.of("metrics.context.stage", "production", "group.id", "g"));

        assertThat(List.of(
                        clients.sourceProducer(TASK, Map.of()),
                        clients.sinkConsumer(TASK, Map.of()),
                        clients.connectorAdmin("a", TASK.connector(), Map.of())))
                .allSatisfy(settings -> assertThat(settings)
                        .containsEntry("metrics.context.stage", "production")
                        .containsEntry("metrics.context.connect.kafka.cluster.id", "cluster-1")
                        .containsEntry("metrics.context.connect.group.id", "g"));
    }

    @Test
    void adminClientsOfConnectorsLogInAsTheWorkerDoes() {
        ClientConfigs clients = clients(Map.of(
                "security.protocol", "SASL_SSL",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "PlainLoginModule required;",
                "ssl.truststore.location", "/etc/trust.p12",
                "request.timeout.ms", "9000",
                "retry.backoff.ms", "70",
                "client.id", "worker",
                "admin.request.timeout.ms", "8000",
                "admin.retries", "3"));

        Map<String, @Nullable String> connector = Map.of("admin.override.retries", "4");
        assertThat(List.of(
                        clients.connectorAdmin("a", TASK.connector(), connector),
                        clients.sourceAdmin("a", TASK.connector(), connector)))
                .allSatisfy(settings -> assertThat(settings)
                        .containsEntry("security.protocol", "SASL_SSL")
                        .containsEntry("sasl.mechanism", "PLAIN")
                        .containsEntry("sasl.jaas.config", "PlainLoginModule required;")
                        .containsEntry("ssl.truststore.location", "/etc/trust.p12")
                        .containsEntry("retry.backoff.ms", "70")
                        .containsEntry("request.timeout.ms", "8000")
                        .containsEntry("retries", "4")
                        .containsEntry("client.id", "a")
                        .doesNotContainKeys("group.id", "key.converter", "metric.reporters"));
        assertThat(clients.sourceProducer(TASK, Map.of()))
                .as("producers and consumers have keys with a prefix alone, as in Kafka Connect")
                .doesNotContainKey("security.protocol");
    }

    @Test
    void overrideThatCanLoadCodeIsRefusedByDefault() {
        assertThatThrownBy(() -> clients(Map.of())
                        .sourceProducer(
                                TASK,
                                Map.of(
                                        "producer.override.sasl.jaas.config",
                                        "com.sun.security.auth.module.JndiLoginModule required;")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("producer.override.sasl.jaas.config")
                .hasMessageNotContaining("Jndi");
    }

    @Test
    void theWorkersOwnAllowlistTakesThePlaceOfTheDefault() {
        ClientConfigs clients =
                clients(Map.of("connector.client.config.override.allowlist", "sasl.mechanism, linger.ms"));

        assertThat(clients.sourceProducer(TASK, Map.of("producer.override.sasl.mechanism", "PLAIN")))
                .containsEntry("sasl.mechanism", "PLAIN");
        assertThatThrownBy(() -> clients.sourceProducer(TASK, Map.of("producer.override.batch.size", "1")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("producer.override.batch.size")
                .hasMessageContaining("connector.client.config.override.allowlist");
        assertThatThrownBy(() -> clients(Map.of("connector.client.config.override.allowlist", ""))
                        .sourceProducer(TASK, Map.of("producer.override.linger.ms", "1")))
                .hasMessageContaining("producer.override.linger.ms");
    }

    @Test
    void policyAllLetsEverythingThrough() {
        assertThat(clients(Map.of("connector.client.config.override.policy", "All"))
                        .sourceProducer(TASK, Map.of("producer.override.sasl.mechanism", "PLAIN")))
                .containsEntry("sasl.mechanism", "PLAIN");
    }

    @Test
    void withoutIdempotenceOneRequestIsInFlight() {
        assertThat(clients(Map.of("producer.enable.idempotence", "false")).sourceProducer(TASK, Map.of()))
                .containsEntry("max.in.flight.requests.per.connection", "1");
    }
}
