/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskLog;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is logged when a plugin fails to note what has become of its records. */
final class PluginNotesTest {
    private static final TaskLog LOG = new TaskLog(
            new ConnectorName("c").task(0),
            Resolved.between(Map.of("password", "${file:s:pw}"), Map.of("password", "hunter2")));
    private static final SourceRecord RECORD = new SourceRecord(Map.of(), Map.of(), "t", null, "value");

    @Test
    void aSecretThatThePluginQuotesIsNotLogged() throws Exception {
        PluginNotes notes = new PluginNotes(LOG, new Failing(new IllegalStateException("no log-in with hunter2")));

        try (LoggedLines lines = LoggedLines.of(PluginNotes.class)) {
            notes.record(RECORD, null);
            notes.committed();

            assertThat(lines.texts())
                    .hasSize(2)
                    .allSatisfy(line -> assertThat(line)
                            .contains("no log-in with ${file:s:pw}")
                            .doesNotContain("hunter2"));
        }
    }

    @Test
    void anExceptionThatCannotBeReadIsLoggedByItsClass() throws Exception {
        PluginNotes notes = new PluginNotes(LOG, new Failing(new Unreadable()));

        try (LoggedLines lines = LoggedLines.of(PluginNotes.class)) {
            notes.record(RECORD, null);
            notes.committed();

            assertThat(lines.texts())
                    .hasSize(2)
                    .allSatisfy(line ->
                            assertThat(line).contains(Unreadable.class.getName() + ", whose message cannot be had"));
        }
    }

    private static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        @Override
        public String getMessage() {
            throw new IllegalStateException("hunter2");
        }
    }

    private static final class Failing extends SourceTask {
        private final RuntimeException failure;

        private Failing(RuntimeException failure) {
            this.failure = failure;
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void start(Map<String, String> props) {}

        @Override
        public List<SourceRecord> poll() {
            return List.of();
        }

        @Override
        public void commitRecord(SourceRecord record, @Nullable RecordMetadata metadata) {
            throw failure;
        }

        @Override
        public void commit() {
            throw failure;
        }

        @Override
        public void stop() {}
    }
}
