/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.config.ConfigSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;

/** The options of {@link S3SinkConnector}, under Confluent's names. */
record S3SinkConfig(
        StoreOptions store,
        RotationOptions rotation,
        NameOptions names,
        PartitionOptions partitions,
        FormatOptions format) {

    private static final ConfigSpec<S3SinkConfig> SPEC =
            ConfigSpec.of(S3SinkConfig.class).refusing(RefusedOptions.REASONS);

    private static final String CONFLUENT = "io.confluent.connect.";

    private static final List<String> CLASSES = List.of(
            PartitionOptions.PARTITIONER, PartitionOptions.EXTRACTOR, FormatOptions.FORMAT, FormatOptions.STORAGE);

    static ConfigDef configDef() {
        return SPEC.configDef();
    }

    static Config validate(Map<String, String> properties) {
        return SPEC.validate(translated(properties));
    }

    /** Throws {@link org.apache.kafka.common.config.ConfigException} with every problem, one a line. */
    static S3SinkConfig from(Map<String, String> properties) {
        return SPEC.bind(translated(properties));
    }

    /**
     * Takes Confluent's class names for the pieces that we have under the same simple name. A user who wrote the name of
     * Confluent's connector also gets its decimals.
     */
    private static Map<String, String> translated(Map<String, String> properties) {
        Map<String, String> translated = new HashMap<>(properties);
        CLASSES.forEach(key -> translated.computeIfPresent(key, (same, name) -> simpleName(name)));
        boolean confluents = properties.getOrDefault("connector.class", "").startsWith(CONFLUENT);
        translated.putIfAbsent(FormatOptions.DECIMALS, confluents ? "BASE64" : "NUMERIC");
        return translated;
    }

    private static String simpleName(String name) {
        return name.startsWith(CONFLUENT) ? name.substring(name.lastIndexOf('.') + 1) : name;
    }
}
