/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.AnyRecord;
import io.levada.runtime.connectors.DropEvery;
import io.levada.runtime.connectors.RecordingSink;
import io.levada.runtime.connectors.RenameTopic;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.FailurePolicy.Outcome;
import io.levada.runtime.task.errors.Reports;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which steps a record goes through, and what becomes of it. */
final class TransformChainTest {
    private static final Plugins PLUGINS = Plugins.discover(PluginSearch.classPathOnly());
    private static final TaskId ID = new ConnectorName("c").task(0);

    private final WorkerMeters meters = WorkerMeters.overJmx("transform-chain-test:0");
    private final TaskMeter meter = meters.begin(ID, ConnectorType.SINK);
    private final Map<String, @Nullable String> config = new HashMap<>(Map.of(
            "connector.class",
            RecordingSink.class.getName(),
            "transforms",
            "rename",
            "transforms.rename.type",
            RenameTopic.class.getName(),
            "transforms.rename.to",
            "renamed"));
    private final TaskPlugins plugins = TaskPlugins.of(ID, config, PLUGINS, meters.plugins(), meter);

    @AfterEach
    void close() {
        plugins.close();
        meters.close();
    }

    private @Nullable String topic(String value) throws InterruptedException {
        FailurePolicy policy = new FailurePolicy(
                ID,
                ErrorSettings.from(Map.of(), true),
                new Reports(List.of(), UnaryOperator.identity()),
                new TaskControl(false),
                report -> {},
                meter.errors());
        TransformChain<SinkRecord> chain = TransformChain.open(plugins, config);
        Outcome<SinkRecord> outcome = chain.apply(
                new SinkRecord("t", 0, null, null, null, value, 7),
                policy,
                new FailurePolicy.Subject(() -> "a record", null));
        assertThat(outcome.skipped()).isFalse();
        SinkRecord left = outcome.result();
        return left == null ? null : left.topic();
    }

    private void ifAny(@Nullable String negate) {
        config.put("predicates", "any");
        config.put("predicates.any.type", AnyRecord.class.getName());
        config.put("transforms.rename.predicate", "any");
        if (negate != null) {
            config.put("transforms.rename.negate", negate);
        }
    }

    @Test
    void withoutAPredicateEveryRecordGoesThrough() throws Exception {
        assertThat(topic("value")).isEqualTo("renamed");
    }

    @Test
    void aRecordOfWhichThePredicateIsTrueGoesThrough() throws Exception {
        ifAny(null);

        assertThat(topic("value")).isEqualTo("renamed");
    }

    @ParameterizedTest
    @CsvSource(
            value = {"true,t", "' TRUE ',t", "false,renamed", "' false',renamed"},
            ignoreLeadingAndTrailingWhitespace = false)
    void negateTurnsThePredicateRound(String negate, String topic) throws Exception {
        ifAny(negate);

        assertThat(topic("value")).isEqualTo(topic);
    }

    @Test
    void aPredicateThatIsNotThereIsNamed() {
        config.put("transforms.rename.predicate", "none");

        assertThatThrownBy(() -> topic("value"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("transforms.rename.predicate");
    }

    @Test
    void aRecordThatAStepDropsGoesNoFurther() throws Exception {
        config.put("transforms", "drop,rename");
        config.put("transforms.drop.type", DropEvery.class.getName());
        config.put("transforms.drop.value", "bad");

        assertThat(topic("bad")).isNull();
        assertThat(topic("good")).isEqualTo("renamed");
    }

    @Test
    void theStepsAreTakenInTheirOrder() throws Exception {
        config.put("transforms", "rename, again");
        config.put("transforms.again.type", RenameTopic.class.getName());
        config.put("transforms.again.to", "twice");

        assertThat(topic("value")).isEqualTo("twice");
    }

    @Test
    void theNameOfAClassIsReadAsItWasChecked() throws Exception {
        config.put("transforms.rename.type", " " + RenameTopic.class.getName() + "\n");
        config.put("transforms.rename.plugin.version", " ");

        assertThat(topic("value")).isEqualTo("renamed");
    }

    @Test
    void whatWasConfiguredBeforeAStepThatRefusesIsClosed() {
        config.put("transforms", "counted,refusing");
        config.put("transforms.counted.type", DropEvery.class.getName());
        config.put("transforms.counted.counted.as", "chain-test");
        config.put("transforms.refusing.type", DropEvery.class.getName());
        config.put("transforms.refusing.refuse", "chain-test");

        assertThatThrownBy(() -> topic("value"))
                .isInstanceOf(ConnectException.class)
                .hasMessage("told not to be configured");
        assertThat(DropEvery.OPEN.get("chain-test")).hasValue(1);
        plugins.close();

        assertThat(DropEvery.OPEN.get("chain-test")).hasValue(0);
    }
}
