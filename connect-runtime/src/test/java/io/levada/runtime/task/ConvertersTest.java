/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConvertersTest {
    @ParameterizedTest
    @ValueSource(strings = {"key.converter", "value.converter", "header.converter"})
    void aWorkersConverterThatIsNotInstalledIsNamedWithItsKey(String key) {
        String string = "org.apache.kafka.connect.storage.StringConverter";
        Map<String, String> properties = new HashMap<>(Map.of("key.converter", string, "value.converter", string));
        properties.put(key, "no.such.Converter");
        WorkerConfig worker = WorkerConfig.from(properties);
        try (Plugins plugins = Plugins.discover(PluginSearch.classPathOnly())) {
            assertThatThrownBy(() -> Converters.checkInstalled(plugins, worker))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(key + "=no.such.Converter");
        }
    }
}
