/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation.keys;

import static org.apache.kafka.common.config.ConfigDef.Importance.HIGH;
import static org.apache.kafka.common.config.ConfigDef.Importance.LOW;
import static org.apache.kafka.common.config.ConfigDef.Importance.MEDIUM;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.plugins.PluginType;
import io.levada.runtime.plugins.Plugins;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.ValidString;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigDef.Width;
import org.jspecify.annotations.Nullable;

/**
 * The keys that every connector has, by direction: names, types, defaults, groups and order are Kafka Connect's (4.3), so that forms
 * made from them look alike.
 */
public final class ConnectorKeys {
    private static final String COMMON = "Common";
    private static final String ERRORS = "Error Handling";
    private static final List<PluginType> CONNECTORS = List.of(PluginType.SOURCE, PluginType.SINK);
    private static final Object REQUIRED = ConfigDef.NO_DEFAULT_VALUE;

    private final Plugins plugins;
    private final PluginKeys pluginKeys;
    private final Converters converters;

    /** @param converters what connectors get that name no converter */
    public ConnectorKeys(Plugins plugins, PluginKeys pluginKeys, Converters converters) {
        this.plugins = plugins;
        this.pluginKeys = pluginKeys;
        this.converters = converters;
    }

    /** A worker's converters; null where they do not matter, as in the definitions of a plugin seen alone. */
    public record Converters(
            @Nullable PluginChoice key,
            @Nullable PluginChoice value,
            @Nullable PluginChoice header) {
        public static final Converters OF_NO_WORKER = new Converters(null, null, null);

        public static Converters of(ValidationSettings worker) {
            return new Converters(worker.keyConverter(), worker.valueConverter(), worker.headerConverter());
        }

        private @Nullable PluginChoice choice(String what) {
            return what.equals("key") ? key : what.equals("value") ? value : header;
        }

        private @Nullable String name(String what) {
            PluginChoice choice = choice(what);
            return choice == null ? null : choice.name();
        }
    }

    /** What all connectors have. Defaults and recommendations follow the plugins that {@code config} names. */
    public ConfigDef common(Map<String, @Nullable String> config) {
        ConfigDef def = new ConfigDef();
        define(
                def,
                "name",
                ConfigDef.Type.STRING,
                REQUIRED,
                KeyRules.connectorName(),
                HIGH,
                1,
                Width.MEDIUM,
                "Connector name",
                "Name of the connector, unique among all connectors of the workers that work together.");
        define(
                def,
                "connector.class",
                ConfigDef.Type.STRING,
                REQUIRED,
                null,
                HIGH,
                2,
                Width.LONG,
                "Connector class",
                "Class of the connector: its full name, its simple name, or that without the word Connector at its end.");
        version(
                def,
                "connector.plugin.version",
                connectorVersion(config),
                PluginVersionKeys.range(connectorVersion(config)),
                MEDIUM,
                3,
                Width.MEDIUM,
                "Connector version",
                "Which version of the connector to run, where several are installed: one version, or a range such as [1.0,2.0).",
                PluginKeys.recommendVersions(
                        () -> pluginKeys.versions(CONNECTORS, Settings.text(config, "connector.class")),
                        Settings.text(config, "connector.class") != null));
        define(
                def,
                "tasks.max",
                ConfigDef.Type.INT,
                1,
                Range.atLeast(1),
                HIGH,
                4,
                Width.SHORT,
                "Tasks max",
                "How many tasks the connector may split its work into.");
        define(
                def,
                "tasks.max.enforce",
                ConfigDef.Type.BOOLEAN,
                true,
                null,
                LOW,
                5,
                Width.SHORT,
                "Enforce tasks max",
                "Deprecated. Whether a connector that makes more tasks than tasks.max fails, and so does each task that starts"
                        + " while more are stored (true), or may run them (false).");
        converter(def, config, "key", PluginType.CONVERTER, converters.name("key"), 6, "Key converter");
        converter(def, config, "value", PluginType.CONVERTER, converters.name("value"), 8, "Value converter");
        converter(
                def, config, "header", PluginType.HEADER_CONVERTER, converters.name("header"), 10, "Header converter");
        def.define(
                "transforms",
                ConfigDef.Type.LIST,
                List.of(),
                KeyRules.unique("Duplicate alias provided."),
                LOW,
                "Names, chosen here, of the transformations that records pass through, in order.",
                "Transforms",
                12,
                Width.LONG,
                "Transforms");
        def.define(
                "predicates",
                ConfigDef.Type.LIST,
                List.of(),
                KeyRules.unique("Duplicate alias provided."),
                LOW,
                "Names, chosen here, of the predicates by which transformations can be limited to some records.",
                "Predicates",
                13,
                Width.LONG,
                "Predicates");
        define(
                def,
                "config.action.reload",
                ConfigDef.Type.STRING,
                "restart",
                ValidString.in("none", "restart"),
                LOW,
                14,
                Width.MEDIUM,
                "Reload Action",
                "What to do when a value that a config provider supplied expires or changes: restart the connector, or none.");
        errors(def);
        return def;
    }

    private void errors(ConfigDef def) {
        error(
                def,
                "errors.retry.timeout",
                ConfigDef.Type.LONG,
                0L,
                null,
                1,
                Width.MEDIUM,
                "Retry Timeout for Errors",
                "For how many milliseconds a failed operation is tried again: 0 not at all, -1 for ever.");
        error(
                def,
                "errors.retry.delay.max.ms",
                ConfigDef.Type.LONG,
                60_000L,
                null,
                2,
                Width.MEDIUM,
                "Maximum Delay Between Retries for Errors",
                "The longest wait between two tries, in milliseconds; each is by chance between half of what is due and all of it.");
        error(
                def,
                "errors.tolerance",
                ConfigDef.Type.STRING,
                "none",
                ValidString.in("none", "all"),
                3,
                Width.SHORT,
                "Error Tolerance",
                "What a record that cannot be processed does: fail the task (none), or be skipped and counted (all).");
        error(
                def,
                "errors.log.enable",
                ConfigDef.Type.BOOLEAN,
                false,
                null,
                4,
                Width.SHORT,
                "Log Errors",
                "Whether tolerated failures are logged too, with the operation that failed.");
        error(
                def,
                "errors.log.include.messages",
                ConfigDef.Type.BOOLEAN,
                false,
                null,
                5,
                Width.SHORT,
                "Log Error Details",
                "Whether such log lines also tell which record failed: topic, partition, offset and timestamp (in milliseconds) of one"
                        + " that a sink was to get; topic, source partition and source offset of one that a source gave.");
    }

    /** What source connectors have. */
    public ConfigDef source(Map<String, @Nullable String> config) {
        ConfigDef def = common(config);
        SourceKeys.addTo(def);
        return def;
    }

    /** What sink connectors have. */
    public ConfigDef sink(Map<String, @Nullable String> config) {
        ConfigDef def = common(config);
        define(
                def,
                "topics",
                ConfigDef.Type.LIST,
                List.of(),
                KeyRules.topics(),
                HIGH,
                4,
                Width.LONG,
                "Topics",
                "The topics to read, separated by commas.");
        define(
                def,
                "topics.regex",
                ConfigDef.Type.STRING,
                "",
                KeyRules.regex(),
                HIGH,
                4,
                Width.LONG,
                "Topics regex",
                "A regular expression (java.util.regex) that matches the names of the topics to read, instead of topics.");
        error(
                def,
                "errors.deadletterqueue.topic.name",
                ConfigDef.Type.STRING,
                "",
                KeyRules.unlessEmpty(KeyRules.topic()),
                6,
                Width.MEDIUM,
                "Dead Letter Queue Topic Name",
                "The topic that gets the records that failed, unchanged; empty for none.");
        error(
                def,
                "errors.deadletterqueue.topic.replication.factor",
                ConfigDef.Type.SHORT,
                (short) 3,
                null,
                7,
                Width.MEDIUM,
                "Dead Letter Queue Topic Replication Factor",
                "Replication factor of that topic if it has to be created.");
        error(
                def,
                "errors.deadletterqueue.context.headers.enable",
                ConfigDef.Type.BOOLEAN,
                false,
                null,
                8,
                Width.MEDIUM,
                "Enable Error Context Headers",
                "Whether records there get headers (__connect.errors.*) that tell where and why they failed.");
        return def;
    }

    private void converter(
            ConfigDef def,
            Map<String, @Nullable String> config,
            String what,
            PluginType type,
            @Nullable String fallback,
            int order,
            String title) {
        String key = what + ".converter";
        Validator installedAtAll = pluginKeys.isA(type);
        def.define(
                key,
                ConfigDef.Type.STRING,
                fallback,
                PluginKeys.validator(installedAtAll.toString(), (name, value) -> {
                    installedAtAll.ensureValid(name, value);
                    if (value != null && value.equals(Settings.text(config, key))) { // not the worker's
                        PluginVersionKeys.refuseMissing(
                                pluginKeys, type, (String) value, Settings.text(config, key + ".plugin.version"));
                    }
                }),
                LOW,
                "Class that turns " + what + "s of records into bytes and back; the worker's own if not set.",
                COMMON,
                order,
                Width.SHORT,
                title + " class",
                PluginKeys.recommend(() -> fallback == null ? List.of() : plugins.names(type)));
        String given = Settings.text(config, key);
        String chosen = given == null ? fallback : given;
        boolean installed = pluginKeys.isInstalled(type, chosen);
        String version = given == null ? workersVersion(type, what) : pluginKeys.version(type, given);
        version(
                def,
                key + ".plugin.version",
                version,
                given == null
                        ? PluginVersionKeys.range(version)
                        : PluginVersionKeys.installed(pluginKeys, type, given, version),
                LOW,
                order + 1,
                Width.SHORT,
                title + " version",
                "Which version of the " + what + " converter to use, where several are installed.",
                PluginKeys.recommendVersions(() -> pluginKeys.versions(List.of(type), chosen), installed));
    }

    /** The version of the worker's own converter. */
    private @Nullable String workersVersion(PluginType type, String what) {
        PluginChoice choice = converters.choice(what);
        return choice == null || !pluginKeys.isInstalled(type, choice.name()) ? null : plugins.version(type, choice);
    }

    private @Nullable String connectorVersion(Map<String, @Nullable String> config) {
        String name = Settings.text(config, "connector.class");
        return name == null ? null : plugins.version(name);
    }

    private static void version(
            ConfigDef def,
            String key,
            @Nullable String fallback,
            Validator validator,
            Importance importance,
            int order,
            Width width,
            String title,
            String doc,
            ConfigDef.Recommender recommender) {
        def.define(
                key,
                ConfigDef.Type.STRING,
                fallback,
                validator,
                importance,
                doc,
                COMMON,
                order,
                width,
                title,
                recommender);
    }

    private static void define(
            ConfigDef def,
            String key,
            ConfigDef.Type type,
            @Nullable Object fallback,
            @Nullable Validator validator,
            Importance importance,
            int order,
            Width width,
            String title,
            String doc) {
        def.define(key, type, fallback, validator, importance, doc, COMMON, order, width, title);
    }

    private static void error(
            ConfigDef def,
            String key,
            ConfigDef.Type type,
            Object fallback,
            @Nullable Validator validator,
            int order,
            Width width,
            String title,
            String doc) {
        def.define(key, type, fallback, validator, MEDIUM, doc, ERRORS, order, width, title);
    }
}
