/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import io.levada.connect.api.PluginVersion;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Writes topics to objects of an S3 bucket, or of a store that speaks S3, as lines of JSON.
 *
 * <p>Options and names of objects are those of {@code io.confluent.connect.s3.S3SinkConnector}. Objects that end by count or
 * by record time hold every record exactly once, also after crashes; for those that end by the wall clock see the README.
 * Partition and offset in names, and all that is known of what was written, are those that records were read from.
 */
public final class S3SinkConnector extends SinkConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.of(S3SinkConnector.class);
    }

    @Override
    public ConfigDef config() {
        return S3SinkConfig.configDef();
    }

    @Override
    public Config validate(Map<String, String> properties) {
        return S3SinkConfig.validate(properties);
    }

    @Override
    public void start(Map<String, String> properties) {
        S3SinkConfig.from(properties);
        this.properties = Map.copyOf(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return S3SinkTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        return Collections.nCopies(tasksMax, properties);
    }

    @Override
    public void stop() {}

    /** Any offset may be set: objects of records that are read again are written again. */
    @Override
    public boolean alterOffsets(Map<String, String> properties, Map<TopicPartition, Long> offsets) {
        return true;
    }
}
