/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import io.levada.connect.api.PluginVersion;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Renames the topic of records whose whole topic name matches a regular expression.
 *
 * <pre>
 * regex=shop\.public\.(.*), replacement=$1
 *
 * topic shop.public.orders  ->  topic orders
 * </pre>
 *
 * @param <R> source or sink records
 */
public final class RegexRouter<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "regex",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new RegexValidator(),
                    ConfigDef.Importance.HIGH,
                    "Java regular expression that must match the whole topic name.")
            .define(
                    "replacement",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.Importance.HIGH,
                    "The new topic name; $1 and ${name} stand for groups of the match.");

    private Pattern regex = Pattern.compile("");
    private String replacement = "";

    /** A task sees few topics: match each once. */
    private Derived<String, String> routes = new Derived<>(this::route);

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
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        regex = Pattern.compile(config.getString("regex"));
        replacement = config.getString("replacement");
        routes = new Derived<>(this::route);
    }

    @Override
    public R apply(R record) {
        String topic = routes.of(record.topic());
        return topic.equals(record.topic()) ? record : Routing.to(topic, record);
    }

    private String route(String topic) {
        Matcher matcher = regex.matcher(topic);
        return matcher.matches() ? matcher.replaceFirst(replacement) : topic;
    }

    @Override
    public void close() {}
}
