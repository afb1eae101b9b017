/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms.predicates;

import io.levada.connect.api.PluginVersion;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * True for records with at least one header of the given name.
 *
 * @param <R> source or sink records
 */
public final class HasHeaderKey<R extends ConnectRecord<R>> implements Predicate<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "name",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new ConfigDef.NonEmptyString(),
                    ConfigDef.Importance.MEDIUM,
                    "Name of the header.");

    private String name = "";

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        name = new AbstractConfig(CONFIG_DEF, properties, false).getString("name");
    }

    @Override
    public boolean test(R record) {
        return record.headers().lastWithName(name) != null;
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "HasHeaderKey{name='" + name + "'}";
    }
}
