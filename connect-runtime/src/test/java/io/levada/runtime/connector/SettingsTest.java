/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class SettingsTest {
    @Test
    void readsWhatConfigDefHasChecked() {
        Map<String, @Nullable String> config = new HashMap<>();
        config.put("a", " \u0001required\t");
        config.put("b", null);
        ConfigDef definition = new ConfigDef()
                .define(
                        "a",
                        ConfigDef.Type.STRING,
                        "required",
                        ConfigDef.ValidString.in("required"),
                        ConfigDef.Importance.LOW,
                        "");

        assertThat(Settings.text(config, "a"))
                .isEqualTo(definition.parse(config).get("a"))
                .isEqualTo("required");
        assertThat(Settings.text(config, "b")).isNull();
        assertThat(Settings.text(config, "b", "x")).isEqualTo("x");
        assertThat(Settings.text(config, "c", "x")).isEqualTo("x");
    }
}
