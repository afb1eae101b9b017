/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.connector.ConnectorType;
import java.util.Arrays;
import java.util.List;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.HeaderConverter;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * What a plugin can be, with the type it extends, the suffix that its short name may leave out, and who configures it. In the order in which
 * Kafka Connect lists them.
 */
public enum PluginType {
    SINK(SinkConnector.class, "sink", "Connector", Configured.BY_CONNECTORS),
    SOURCE(SourceConnector.class, "source", "Connector", Configured.BY_CONNECTORS),
    CONVERTER(Converter.class, "converter", "Converter", Configured.BY_CONNECTORS),
    HEADER_CONVERTER(HeaderConverter.class, "header_converter", "HeaderConverter", Configured.BY_CONNECTORS),
    TRANSFORMATION(Transformation.class, "transformation", "Transformation", Configured.BY_CONNECTORS),
    PREDICATE(Predicate.class, "predicate", "Predicate", Configured.BY_CONNECTORS),
    CONFIG_PROVIDER(ConfigProvider.class, "configprovider", "ConfigProvider", Configured.BY_THE_WORKER),
    REST_EXTENSION(ConnectRestExtension.class, "rest_extension", "ConnectRestExtension", Configured.BY_THE_WORKER),
    CLIENT_OVERRIDE_POLICY(
            ConnectorClientConfigOverridePolicy.class,
            "connector_client_config_override_policy",
            "ConnectorClientConfigOverridePolicy",
            Configured.BY_THE_WORKER);

    /** Whose config has the keys of a plugin. */
    private enum Configured {
        BY_CONNECTORS,
        BY_THE_WORKER
    }

    /** Both kinds of connectors, which {@code connector.class} may name. */
    public static final List<PluginType> CONNECTORS = List.of(SINK, SOURCE);

    /** Those that connectors' configs have keys for, which REST lists and tells (KIP-769). */
    public static final List<PluginType> WITH_KEYS = configured(Configured.BY_CONNECTORS);

    /** The others, of which REST tells nothing. */
    public static final List<PluginType> WITHOUT_KEYS = configured(Configured.BY_THE_WORKER);

    private final Class<?> api;
    private final String label;
    private final String suffix;
    private final Configured configured;

    PluginType(Class<?> api, String label, String suffix, Configured configured) {
        this.api = api;
        this.label = label;
        this.suffix = suffix;
        this.configured = configured;
    }

    private static List<PluginType> configured(Configured by) {
        return Arrays.stream(values()).filter(type -> type.configured == by).toList();
    }

    /** The class or interface of Kafka's API that such a plugin extends. */
    public Class<?> api() {
        return api;
    }

    /** How {@code GET /connector-plugins} names this type. */
    public String label() {
        return label;
    }

    /** The word at the end of a class name that a short name may leave out. */
    String suffix() {
        return suffix;
    }

    ConnectorType connectorType() {
        return this == SOURCE ? ConnectorType.SOURCE : this == SINK ? ConnectorType.SINK : ConnectorType.UNKNOWN;
    }
}
