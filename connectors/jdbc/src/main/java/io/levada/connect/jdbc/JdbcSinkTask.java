/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.sink.JdbcWriter;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.ErrantRecordReporter;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;

/** Writes the records of its partitions. All is called by the task's thread. */
public final class JdbcSinkTask extends SinkTask {

    private @Nullable Running running;
    private int failuresInARow;

    /** What exists between start and stop. */
    private record Running(JdbcSinkConfig config, Database database, JdbcWriter writer) {}

    @Override
    public String version() {
        return PluginVersion.of(JdbcSinkTask.class);
    }

    @Override
    public void start(Map<String, String> props) {
        JdbcSinkConfig config = JdbcSinkConfig.SPEC.bind(props);
        Dialect dialect = config.dialect();
        Database database = new Database(
                "jdbc-" + props.getOrDefault("name", "sink"),
                config.connection(),
                dialect.writingProperties(),
                null,
                1);
        ErrantRecordReporter reporter = context.errantRecordReporter();
        running = new Running(
                config,
                database,
                new JdbcWriter(config.options(), dialect, database, (record, cause) -> bad(record, cause, reporter)));
    }

    private static void bad(SinkRecord record, Exception cause, @Nullable ErrantRecordReporter reporter) {
        if (reporter == null) {
            throw new ConnectException(
                    "cannot write the record at " + record.topic() + "-" + record.kafkaPartition() + " offset "
                            + record.kafkaOffset() + ": " + cause.getMessage()
                            + "; correct the table or the record, or let such records pass with errors.tolerance=all",
                    cause);
        }
        var unused = reporter.report(record, cause);
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("put before start");
        }
        if (records.isEmpty()) {
            return;
        }
        try {
            now.writer().write(records);
            failuresInARow = 0;
        } catch (SQLException e) {
            throw failed(now, e);
        }
    }

    private ConnectException failed(Running now, SQLException e) {
        String what = "cannot write to " + now.config().connection().jdbcUrl() + ": " + e.getMessage() + " ["
                + e.getSQLState() + "]";
        if (now.config().dialect().failureKind(e) != FailureKind.RETRIABLE) {
            return new ConnectException(what, e);
        }
        int allowed = now.config().options().maxRetries();
        if (++failuresInARow > allowed) {
            return new ConnectException(what + "; gave up after " + allowed + " further attempts", e);
        }
        context.timeout(now.config().options().retryBackoff().toMillis());
        return new RetriableException(what + "; will try again", e);
    }

    @Override
    public void stop() {
        if (running != null) {
            running.database().close();
        }
    }
}
