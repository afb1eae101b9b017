/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms.predicates;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.transforms.RegexValidator;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.predicates.Predicate;

/**
 * True for records whose whole topic name matches a regular expression.
 *
 * @param <R> source or sink records
 */
public final class TopicNameMatches<R extends ConnectRecord<R>> implements Predicate<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "pattern",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.CompositeValidator.of(new ConfigDef.NonEmptyString(), new RegexValidator()),
                    ConfigDef.Importance.MEDIUM,
                    "Java regular expression that must match the whole topic name.");

    private Pattern pattern = Pattern.compile("");

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
        pattern = Pattern.compile(new AbstractConfig(CONFIG_DEF, properties, false).getString("pattern"));
    }

    @Override
    public boolean test(R record) {
        return record.topic() != null && pattern.matcher(record.topic()).matches();
    }

    @Override
    public void close() {}

    @Override
    public String toString() {
        return "TopicNameMatches{pattern=" + pattern + "}";
    }
}
