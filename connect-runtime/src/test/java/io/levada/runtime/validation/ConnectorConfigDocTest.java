/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.config.OptionTable;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.validation.keys.ConnectorKeys;
import io.levada.runtime.validation.keys.PluginKeys;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/connector-config.md} has every key that all connectors have, from the definitions that validate them. {@code
 * -Dlevada.docs.update=true} writes the page anew instead of comparing.
 */
final class ConnectorConfigDocTest {
    private static final Path PAGE = Path.of("..", "docs", "connector-config.md");
    private static final String BEGIN = "<!-- keys: begin -->\n";
    private static final String END = "<!-- keys: end -->\n";

    @Test
    void pageListsEveryKeyAsItIsDefined() throws IOException {
        String page = Files.readString(PAGE);
        String generated =
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + tables() + page.substring(page.indexOf(END));

        if (Boolean.getBoolean("levada.docs.update")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(Files.readString(PAGE))
                .as("run ./mvnw verify -pl connect-runtime -am -Dtest=ConnectorConfigDocTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dlevada.docs.update=true")
                .isEqualTo(generated);
    }

    /** What belongs between the marks. */
    private static String tables() {
        try (Plugins plugins = Plugins.discover(PluginSearch.classPathOnly())) {
            ConnectorKeys keys =
                    new ConnectorKeys(plugins, new PluginKeys(plugins), ConnectorKeys.Converters.OF_NO_WORKER);
            ConfigDef common = keys.common(Map.of());
            return "\n## Of all connectors\n\n" + OptionTable.markdown(common)
                    + "## Of sources\n\n" + OptionTable.markdown(besides(common, keys.source(Map.of())))
                    + "## Of sinks\n\n" + OptionTable.markdown(besides(common, keys.sink(Map.of())));
        }
    }

    private static ConfigDef besides(ConfigDef common, ConfigDef all) {
        ConfigDef more = new ConfigDef();
        all.configKeys().values().stream()
                .filter(key -> !common.names().contains(key.name))
                .forEach(more::define);
        return more;
    }
}
