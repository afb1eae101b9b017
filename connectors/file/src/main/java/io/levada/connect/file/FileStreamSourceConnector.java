/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.PluginVersion;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * Reads a growing file, or standard input, line by line: each line is the value of a record, as a string.
 *
 * <p>Stands in for {@code org.apache.kafka.connect.file.FileStreamSourceConnector}: same keys, records and offsets. One
 * task, whatever {@code tasks.max} says. Exactly once with a file (KIP-618), at most once with standard input.
 */
public final class FileStreamSourceConnector extends SourceConnector {
    private Map<String, String> properties = Map.of();

    @Override
    public String version() {
        return PluginVersion.of(FileStreamSourceConnector.class);
    }

    @Override
    public ConfigDef config() {
        return FileSourceConfig.SPEC.configDef();
    }

    @Override
    public Config validate(Map<String, String> properties) {
        return FileSourceConfig.SPEC.validate(properties);
    }

    @Override
    public void start(Map<String, String> properties) {
        FileSourceConfig.SPEC.bind(properties);
        this.properties = Map.copyOf(properties);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return FileStreamSourceTask.class;
    }

    @Override
    public List<Map<String, String>> taskConfigs(int tasksMax) {
        return List.of(properties);
    }

    @Override
    public void stop() {}

    @Override
    public ExactlyOnceSupport exactlyOnceSupport(Map<String, String> properties) {
        boolean seekable = FileSourceConfig.SPEC.bind(properties).file() != null;
        return seekable ? ExactlyOnceSupport.SUPPORTED : ExactlyOnceSupport.UNSUPPORTED;
    }

    @Override
    public boolean alterOffsets(Map<String, String> properties, Map<Map<String, ?>, Map<String, ?>> offsets) {
        if (FileSourceConfig.SPEC.bind(properties).file() == null) {
            throw new ConnectException(
                    "Standard input has no offsets to alter: set '" + FileSourceConfig.FILE + "' to read a file");
        }
        offsets.forEach(FileOffset::checkAlteration);
        return true;
    }
}
