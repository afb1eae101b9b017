/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.diagnosis.FailureText;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.common.config.types.Password;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a plugin that is made for this alone what it thinks of settings, on a thread of its own and for a bounded time. */
final class SettingsCheck {
    private static final Logger LOGGER = LoggerFactory.getLogger(SettingsCheck.class);
    private static final Duration WITHIN = Duration.ofSeconds(5);

    private final Plugins plugins;
    private final PluginType type;
    private final PluginChoice choice;

    SettingsCheck(Plugins plugins, PluginType type, PluginChoice choice) {
        this.plugins = plugins;
        this.type = type;
        this.choice = choice;
    }

    /** As {@link Plugins#wrongSettings}. */
    SortedMap<String, String> wrong(Map<String, String> settings, Map<String, String> given) {
        try {
            return new ApartQuestions<PluginChoice, SortedMap<String, String>>(
                            "levada-plugin-settings", asked -> judged(settings, given), ApartQuestions::inRealTime)
                    .answer(choice, WITHIN);
        } catch (ExecutionException e) {
            notJudged(FailureText.of(e.getCause() == null ? e : e.getCause()));
        } catch (TimeoutException e) {
            notJudged("it has not answered within " + WITHIN.toSeconds() + " s");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return new TreeMap<>();
    }

    private void notJudged(String why) {
        LOGGER.atWarn()
                .addKeyValue("class", choice.name())
                .addKeyValue("error", why)
                .log("a plugin cannot be asked for its keys: the worker's settings of it are not checked");
    }

    private SortedMap<String, String> judged(Map<String, String> settings, Map<String, String> given) {
        SortedMap<String, String> wrong = new TreeMap<>();
        Object plugin = plugins.newPlugin(type, choice.name(), choice.version());
        try {
            ConfigDef def = DefinedKeys.of(plugin);
            if (def != null) {
                Map<String, String> all = new HashMap<>(plugins.defaultsOf(type, choice.name()));
                all.putAll(settings);
                all.putAll(given);
                LoaderSwap.call(plugin.getClass().getClassLoader(), () -> def.validate(all)).stream()
                        .filter(value -> settings.containsKey(
                                        value.name()) // What is missing may be in the config of a connector.
                                && !value.errorMessages().isEmpty())
                        .forEach(value -> wrong.put(value.name(), why(def, value, settings)));
            }
        } finally {
            DefinedKeys.discard(plugin);
        }
        return wrong;
    }

    private static String why(ConfigDef def, ConfigValue value, Map<String, String> settings) {
        String text = String.join(" ", value.errorMessages());
        ConfigDef.ConfigKey key = def.configKeys().get(value.name());
        String given = settings.getOrDefault(value.name(), "");
        return key != null && key.type == ConfigDef.Type.PASSWORD && !given.isBlank()
                ? text.replace(given.trim(), Password.HIDDEN) // A rule of the plugin's own may quote it.
                : text;
    }
}
