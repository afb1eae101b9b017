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

        Map<String, Object> settings =
                clients.connectorAdmin("a", TASK.connector(), Map.of("admin.override.retries", "4"));

        assertThat(settings)
                .containsEntry("security.protocol", "SASL_SSL")
                .containsEntry("sasl.mechanism", "PLAIN")
                .containsEntry("sasl.jaas.config", "PlainLoginModule required;")
                .containsEntry("ssl.truststore.location", "/etc/trust.p12")
                .containsEntry("retry.backoff.ms", "70")
                .containsEntry("request.timeout.ms", "8000")
                .containsEntry("retries", "4")
                .containsEntry("client.id", "a")
                .doesNotContainKeys("group.id", "key.converter", "metric.reporters");
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
