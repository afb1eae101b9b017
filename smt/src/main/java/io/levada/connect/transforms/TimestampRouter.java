/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.PluginVersion;
import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Map;
import java.util.TimeZone;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.transforms.Transformation;

/**
 * Writes the record's timestamp, in UTC, into the topic name.
 *
 * <pre>
 * topic.format=${topic}-${timestamp}, timestamp.format=yyyyMM
 *
 * topic orders, timestamp 2026-01-31  ->  topic orders-202601
 * </pre>
 *
 * @param <R> source or sink records
 */
public final class TimestampRouter<R extends ConnectRecord<R>> implements Transformation<R>, Versioned {

    public static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "topic.format",
                    ConfigDef.Type.STRING,
                    "${topic}-${timestamp}",
                    ConfigDef.Importance.HIGH,
                    "The new topic name; ${topic} stands for the old one, ${timestamp} for the formatted timestamp.")
            .define(
                    "timestamp.format",
                    ConfigDef.Type.STRING,
                    "yyyyMMdd",
                    ConfigDef.Importance.HIGH,
                    "Pattern of java.text.SimpleDateFormat for the timestamp.");

    private String topicFormat = "";
    private SimpleDateFormat timestampFormat = new SimpleDateFormat();

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
        topicFormat = config.getString("topic.format");
        String pattern = config.getString("timestamp.format");
        try {
            timestampFormat = new SimpleDateFormat(pattern);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    "timestamp.format", pattern, "is no pattern of SimpleDateFormat: " + e.getMessage());
        }
        timestampFormat.setTimeZone(TimeZone.getTimeZone("UTC"));
    }

    @Override
    public R apply(R record) {
        if (record.timestamp() == null) {
            throw new DataException(
                    "Cannot route a record of topic " + record.topic() + " by its timestamp: it has none");
        }
        String timestamp = timestampFormat.format(new Date(record.timestamp()));
        String topic = topicFormat.replace("${topic}", record.topic()).replace("${timestamp}", timestamp);
        return Routing.to(topic, record);
    }

    @Override
    public void close() {}
}
