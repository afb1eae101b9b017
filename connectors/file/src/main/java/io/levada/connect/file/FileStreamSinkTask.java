/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.PluginVersion;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** Writes lines on its task thread. What {@link #put} took is in the file; what {@link #flush} returned for is on disk. */
public final class FileStreamSinkTask extends SinkTask {
    private final PrintStream standardOutput = System.out;
    private LineFormat format = LineFormat.TEXT;
    private @Nullable String file;
    private @Nullable LineWriter writer;

    @Override
    public String version() {
        return PluginVersion.of(FileStreamSinkTask.class);
    }

    @Override
    public void start(Map<String, String> properties) {
        FileSinkConfig config = FileSinkConfig.SPEC.bind(properties);
        file = config.file();
        format = config.format() == null ? LineFormat.TEXT : config.format();
        if (file == null) {
            return;
        }
        try {
            writer = new LineWriter(Path.of(file), config.text());
        } catch (IOException e) {
            throw new ConnectException(
                    "Cannot open file " + file + " for appending (" + e + "): its folder must exist and be writable",
                    e);
        }
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        LineWriter lines = writer;
        if (lines == null) {
            records.forEach(record -> standardOutput.println(format.line(record)));
            return;
        }
        try {
            for (SinkRecord record : records) {
                lines.append(format.line(record));
            }
            lines.write();
        } catch (IOException e) {
            throw new ConnectException("Cannot append to file " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void flush(Map<TopicPartition, OffsetAndMetadata> positions) {
        try {
            if (writer == null) {
                standardOutput.flush();
            } else {
                writer.force();
            }
        } catch (IOException e) {
            throw new ConnectException("Cannot bring file " + file + " to disk: " + e.getMessage(), e);
        }
    }

    @Override
    public void stop() {
        LineWriter closing = writer;
        writer = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (IOException e) {
            throw new ConnectException("Cannot close file " + file + ": " + e.getMessage(), e);
        }
    }
}
