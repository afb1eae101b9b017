/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the worker's {@code metrics.} keys make of its registry. */
final class ReportersTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "metrics.num.samples,2,2 samples of 30000 ms; INFO",
                "metrics.num.samples,5,5 samples of 30000 ms; INFO",
                "metrics.num.samples, 5 ,5 samples of 30000 ms; INFO",
                "metrics.sample.window.ms,1000,2 samples of 1000 ms; INFO",
                "metrics.sample.window.ms, 1000 ,2 samples of 1000 ms; INFO",
                "metrics.recording.level,DEBUG,2 samples of 30000 ms; DEBUG",
                "metrics.recording.level,TRACE,2 samples of 30000 ms; TRACE",
                "metrics.recording.level, DEBUG ,2 samples of 30000 ms; DEBUG"
            })
    void theRegistryIsAsTheKeysSay(String key, String value, String expected) {
        WorkerConfig worker = WorkerConfig.from(Map.of(key, value));
        try (Plugins plugins = Plugins.discover(PluginSearch.classPathOnly());
                Metrics metrics = Reporters.of(worker, plugins, "cluster-1", "reporters-test:0")) {
            MetricConfig config = metrics.config();

            assertThat(config.samples() + " samples of " + config.timeWindowMs() + " ms; " + config.recordLevel())
                    .isEqualTo(expected);
        }
    }

    @Test
    void aLevelThatDoesNotExistIsRefusedByItsKey() {
        assertThatThrownBy(() -> WorkerConfig.from(Map.of("metrics.recording.level", "LOUD")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("metrics.recording.level");
    }
}
