/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.PluginVersion;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.jspecify.annotations.Nullable;

/**
 * Drops every record it is given; a predicate decides which those are.
 *
 * <pre>
 * predicate=IsTombstone
 *
 * value null  ->  (nothing)
 * </pre>
 *
 * @param <R> source or sink records
 */
public final class Filter<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef();

    @Override
    public String version() {
        return PluginVersion.of(getClass());
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {}

    @Override
    public @Nullable R apply(R record) {
        return null;
    }

    @Override
    public void close() {}
}
