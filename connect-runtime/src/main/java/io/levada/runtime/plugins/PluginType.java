/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import io.levada.runtime.connector.ConnectorType;
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

/** What a plugin can be, with the type it extends and the suffix that its short name may leave out. */
public enum PluginType {
    SOURCE(SourceConnector.class, "source", "Connector"),
    SINK(SinkConnector.class, "sink", "Connector"),
    CONVERTER(Converter.class, "converter", "Converter"),
    HEADER_CONVERTER(HeaderConverter.class, "header_converter", "HeaderConverter"),
    TRANSFORMATION(Transformation.class, "transformation", "Transformation"),
    PREDICATE(Predicate.class, "predicate", "Predicate"),
    CONFIG_PROVIDER(ConfigProvider.class, "configprovider", "ConfigProvider"),
    REST_EXTENSION(ConnectRestExtension.class, "rest_extension", "ConnectRestExtension"),
    CLIENT_OVERRIDE_POLICY(
            ConnectorClientConfigOverridePolicy.class,
            "connector_client_config_override_policy",
            "ConnectorClientConfigOverridePolicy");

    /** Both kinds of connectors, which {@code connector.class} may name. */
    static final List<PluginType> CONNECTORS = List.of(SOURCE, SINK);

    private final Class<?> api;
    private final String label;
    private final String suffix;

    PluginType(Class<?> api, String label, String suffix) {
        this.api = api;
        this.label = label;
        this.suffix = suffix;
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
