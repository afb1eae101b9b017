/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.PluginVersion;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.sink.SinkConnector;

/**
 * Appends the value of each record, as text, to a file or to standard output, one a line.
 *
 * <p>Stands in for {@code org.apache.kafka.connect.file.FileStreamSinkConnector}: same keys, and under
 * its name the same lines; under this one, structured values are written as JSON. At least once: a
 * committed offset is on disk, and after a crash the records since the last commit are appended again.
 */
public final class FileStreamSinkConnector extends SinkConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.of(FileStreamSinkConnector.class);
    }

    @Override
    public ConfigDef config() {
        return FileSinkConfig.SPEC.configDef();
    }

    @Override
    public Config validate(Map<String, String> properties) {
        return FileSinkConfig.SPEC.validate(properties);
    }

    /** A user who wrote Apache's class name gets Apache's lines; the tasks are told which, so that they need not guess. */
    @Override
    public void start(Map<String, String> properties) {
        LineFormat format = FileSinkConfig.SPEC.bind(properties).format();
        boolean apaches = properties.getOrDefault("connector.class", "").startsWith("org.apache.kafka.");
        Map<String, String> ofTasks = new HashMap<>(properties);
        if (format == null) {
            ofTasks.put(FileSinkConfig.FORMAT, apaches ? "text" : "json");
        }
        this.properties = Map.copyOf(ofTasks);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FileStreamSinkTask.class;
    }

    /** As many tasks as asked for, on one file: each appends whole lines, so they mix without tearing. */
    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        return Collections.nCopies(tasksMax, properties);
    }

    @Override
    public void stop() {}

    /** Any offset may be set: lines already written stay. */
    @Override
    public boolean alterOffsets(Map<String, String> properties, Map<TopicPartition, Long> offsets) {
        return true;
    }
}
