/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/** A plugin that notes what it is told. */
final class NotingTask extends SourceTask {
    private final Consumer<String> notes;

    NotingTask(Consumer<String> notes) {
        this.notes = notes;
    }

    @Override
    public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
        notes.accept(record.value() + (metadata == null ? " dropped" : " at " + metadata));
    }

    @Override
    public void commit() {
        notes.accept("commit");
    }

    @Override
    public String version() {
        return "1";
    }

    @Override
    public void start(Map<String, String> props) {}

    @Override
    public List<SourceRecord> poll() {
        throw new UnsupportedOperationException("nobody polls here");
    }

    @Override
    public void stop() {}
}
