/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms.predicates;

import io.levada.connect.api.PluginVersion;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * True for records whose value is null.
 *
 * @param <R> source or sink records
 */
public final class RecordIsTombstone<R extends ConnectRecord<R>> implements Predicate<R>, Versioned {

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
    public boolean test(R record) {
        return record.value() == null;
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "RecordIsTombstone{}";
    }
}
