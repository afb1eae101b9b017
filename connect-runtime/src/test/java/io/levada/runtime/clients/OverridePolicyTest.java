/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What the policies that are built in let connectors override, by each name that they have; the table is that of docs/worker-plugins.md. */
final class OverridePolicyTest {
    private static final TaskId TASK = new ConnectorName("c").task(0);
    private static final String PACKAGE = "org.apache.kafka.connect.connector.policy.";
    private static final String CLASS = "ConnectorClientConfigOverridePolicy";
    /** One that is harmless, one of a login, one that loads classes. */
    private static final List<String> SETTINGS = List.of("linger.ms", "sasl.mechanism", "interceptor.classes");

    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());

    @AfterAll
    static void close() {
        PLUGINS.close();
    }

    private static Stream<Arguments> policies() {
        Map<String, List<String>> allowed = Map.of(
                "All", SETTINGS,
                "None", List.of(),
                "Principal", List.of("sasl.mechanism"),
                "Allowlist", List.of("linger.ms"));
        return allowed.entrySet().stream()
                .flatMap(policy -> Stream.of("%s", "%s" + CLASS, PACKAGE + "%s" + CLASS)
                        .map(name -> Arguments.of(name.formatted(policy.getKey()), policy.getValue())));
    }

    @ParameterizedTest
    @MethodSource("policies")
    void aPolicyLetsThroughWhatItsNameSaysAndNothingElse(String name, List<String> allowed) {
        for (String setting : SETTINGS) {
            Map<String, @Nullable String> connector = Map.of("producer.override." + setting, "1");
            if (allowed.contains(setting)) {
                assertThat(clients(name).sourceProducer(TASK, connector)).containsEntry(setting, "1");
            } else {
                assertThatThrownBy(() -> clients(name).sourceProducer(TASK, connector))
                        .as(setting)
                        .isInstanceOf(ConfigException.class)
                        .hasMessageContaining("producer.override." + setting)
                        .hasMessageContaining("connector.client.config.override.policy");
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Principal, security.protocol sasl.mechanism sasl.jaas.config",
        "Allowlist, acks max.poll.records request.timeout.ms",
    })
    void aPolicyIsTheSameForEachClient(String name, String allowed) {
        OverridePolicy policy = OverridePolicy.of(worker(name), PLUGINS);

        for (ClientType client : ClientType.values()) {
            for (String setting : allowed.split(" ")) {
                assertThat(policy.refusals(
                                new OverrideRequest("c", "x.Y", client, Map.of(setting, "1", "metric.reporters", "x"))))
                        .containsOnlyKeys("metric.reporters");
            }
        }
    }

    @Test
    void aPolicyIsFoundWhateverTheCaseOfItsShortName() {
        assertThat(Arrays.asList("none", "NONE", "None"))
                .allSatisfy(name -> assertThat(OverridePolicy.of(worker(name), PLUGINS))
                        .isEqualTo(OverridePolicy.of(worker(PACKAGE + "None" + CLASS), PLUGINS)));
    }

    @Test
    void aPolicyThatNoListChangesIsNamedWithTheKeyThatDoes() {
        OverridePolicy none = OverridePolicy.of(worker("None"), PLUGINS);

        assertThat(none.refusals(new OverrideRequest("c", "X", ClientType.PRODUCER, Map.of("linger.ms", "5"))))
                .hasEntrySatisfying(
                        "linger.ms",
                        texts -> assertThat(texts)
                                .singleElement()
                                .asString()
                                .contains(
                                        "connector.client.config.override.policy=None does not let a connector set producer.override.linger.ms",
                                        "connector.client.config.override.policy=Allowlist",
                                        "name it in connector.client.config.override.allowlist"));
    }

    @Test
    void theListIfNoneIsGivenIsToldInTheDocs() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "worker-plugins.md"));

        assertThat(page.replace('\n', ' '))
                .contains(OverridePolicy.HARMLESS.stream().collect(Collectors.joining("`, `", "else: `", "`. ")));
    }

    private static ClientConfigs clients(String policy) {
        WorkerConfig worker = worker(policy);
        return new ClientConfigs(worker, OverridePolicy.of(worker, PLUGINS), "cluster-1");
    }

    private static WorkerConfig worker(String policy) {
        return WorkerConfig.from(
                Map.of("bootstrap.servers", "k:9092", "connector.client.config.override.policy", policy));
    }
}
