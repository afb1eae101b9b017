/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.advice;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.DefinedKeys;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.spelling.Spelling;
import io.levada.runtime.validation.keys.Names;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Warns of sinks that are valid and will probably not do what is meant: they read topics that do not exist, or need schemas and get none. */
public final class SinkAdvice {
    private static final String CONVERTER = "value.converter";
    private static final String SCHEMAS = "schemas.enable";
    /** Keys by which sinks make tables or columns from the schemas of records; JDBC sinks of several makers share them. */
    private static final List<String> NEED_SCHEMAS = List.of("auto.create", "auto.evolve");

    private final Plugins plugins;
    private final String workersConverter;
    private final Surroundings surroundings;

    public SinkAdvice(Plugins plugins, String workersConverter, Surroundings surroundings) {
        this.plugins = plugins;
        this.workersConverter = workersConverter;
        this.surroundings = surroundings;
    }

    /** In whole sentences, without secrets. Asks which topics there are, which may block. */
    public List<String> warnings(Map<String, @Nullable String> config) {
        List<String> warnings = new ArrayList<>(topics(config));
        for (String key : NEED_SCHEMAS) {
            if (Boolean.parseBoolean(Settings.text(config, key)) && comesWithoutSchemas(config)) {
                warnings.add(key + "=true needs records with schemas, but " + converter(config) + " with " + SCHEMAS
                        + "=false gives them none. Set " + CONVERTER + ", and " + CONVERTER + "." + SCHEMAS
                        + "=true, here and where the records are written.");
                break;
            }
        }
        return warnings;
    }

    private List<String> topics(Map<String, @Nullable String> config) {
        List<String> topics = Names.listed(config.get("topics"));
        String regex = Settings.text(config, "topics.regex");
        boolean elsewhere = config.get("consumer.override.bootstrap.servers") != null;
        if (elsewhere || (topics.isEmpty() && (regex == null || regex.isBlank()))) {
            return List.of();
        }
        return surroundings
                .topics()
                .get()
                .map(existing ->
                        topics.isEmpty() ? unmatched(regex == null ? "" : regex, existing) : missing(topics, existing))
                .orElse(List.of());
    }

    private static List<String> missing(List<String> topics, Set<String> existing) {
        return topics.stream()
                .filter(topic -> !existing.contains(topic))
                .map(topic -> "There is no topic " + topic
                        + "; it comes into being when it is read, if the brokers create topics by themselves."
                        + UnknownKey.didYouMean(Spelling.nearest(topic, existing)))
                .toList();
    }

    private static List<String> unmatched(String regex, Set<String> existing) {
        try {
            Pattern pattern = Pattern.compile(regex);
            return existing.stream().anyMatch(topic -> pattern.matcher(topic).matches())
                    ? List.of()
                    : List.of("No topic matches topics.regex=" + regex
                            + " as yet; topics that do are read from the time they appear."
                            + UnknownKey.didYouMean(Spelling.nearest(regex, existing)));
        } catch (PatternSyntaxException ignored) {
            return List.of(); // an error of the config, told as one
        }
    }

    private String converter(Map<String, @Nullable String> config) {
        String own = Settings.text(config, CONVERTER);
        return own == null ? "the worker's " + CONVERTER + "=" + workersConverter : CONVERTER + "=" + own;
    }

    /** Whether the value converter has {@code schemas.enable} and it is off. */
    private boolean comesWithoutSchemas(Map<String, @Nullable String> config) {
        String own = Settings.text(config, CONVERTER);
        String name = own == null ? workersConverter : own;
        Map<String, String> settings = new HashMap<>();
        try {
            Object converter = plugins.newPlugin(PluginType.CONVERTER, name);
            ConfigDef def;
            try {
                def = DefinedKeys.of(converter);
            } finally {
                DefinedKeys.discard(converter);
            }
            if (def == null || !def.names().contains(SCHEMAS)) {
                return false;
            }
            settings.put(SCHEMAS, String.valueOf(def.defaultValues().get(SCHEMAS)));
            settings.putAll(plugins.defaultsOf(PluginType.CONVERTER, name));
        } catch (ConnectException ignored) {
            return false; // an error of the config, told as one
        }
        if (own == null) {
            settings.putAll(surroundings.valueConverter());
        } else if (config.get(CONVERTER + "." + SCHEMAS) != null) {
            settings.put(SCHEMAS, Settings.text(config, CONVERTER + "." + SCHEMAS, ""));
        }
        return !Boolean.parseBoolean(settings.get(SCHEMAS));
    }
}
