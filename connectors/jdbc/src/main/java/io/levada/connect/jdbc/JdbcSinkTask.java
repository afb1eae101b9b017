/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.connection.Login;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.sink.JdbcWriter;
import io.levada.connect.jdbc.sink.PositionTable;
import io.levada.connect.jdbc.sink.Positions;
import io.levada.connect.jdbc.sink.SinkConnection;
import io.levada.connect.jdbc.sink.SinkOptions;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.sink.SinkTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the records of its partitions. It waits for nothing itself: where the database fails for a passing reason it asks the worker
 * to come again. All is called by the task's thread.
 */
public final class JdbcSinkTask extends SinkTask {

    private static final Logger LOGGER = LoggerFactory.getLogger(JdbcSinkTask.class);

    private @Nullable Running running;
    private int failuresInARow;
    private int connectFailuresInARow;

    /** What exists between start and stop. */
    private record Running(JdbcSinkConfig config, Login login, SinkConnection connection, JdbcWriter writer) {}

    @Override
    public String version() {
        return PluginVersion.of(JdbcSinkTask.class);
    }

    @Override
    public void start(Map<String, String> props) {
        JdbcSinkConfig config = JdbcSinkConfig.SPEC.bind(props);
        SinkOptions options = config.options();
        Dialect dialect = config.dialect();
        Positions positions = options.offsetsTable() == null
                ? Positions.NOT_KEPT
                : new PositionTable(options.offsetsTable(), nameIn(props), options, dialect);
        ReportedRecords bad =
                new ReportedRecords(context.errantRecordReporter(), tolerance(props), positions.areKept());
        Login login = Login.of(config.connection(), props); // the last that may be refused: it is to be closed
        SinkConnection connection = new SinkConnection(
                () -> Database.open(config.connection(), login, config.session()), dialect, System::nanoTime);
        running = new Running(config, login, connection, new JdbcWriter(options, dialect, connection, positions, bad));
    }

    @Override
    public void open(Collection<TopicPartition> partitions) {
        Running now = running();
        try {
            now.writer().open(partitions).forEach(context::offset);
        } catch (SQLException e) {
            if (now.config().dialect().failureKind(e) != FailureKind.RETRIABLE) {
                throw failed(now.config(), e);
            }
            LOGGER.atWarn()
                    .addKeyValue("database", now.config().connection().jdbcUrl())
                    .addKeyValue("error", e.getMessage())
                    .log("cannot ask for offsets yet; will with the next records");
        }
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        running().writer().close(partitions);
    }

    @Override
    public void put(Collection<SinkRecord> records) {
        Running now = running();
        if (records.isEmpty()) {
            return;
        }
        try {
            now.writer().write(records).forEach(context::offset);
            failuresInARow = 0;
            connectFailuresInARow = 0;
        } catch (SQLException e) {
            throw failed(now.config(), e);
        }
    }

    /** What the user says of errors, where that is known: a worker that takes reports without a word of tolerance tolerates none. */
    private static @Nullable String tolerance(Map<String, String> props) {
        boolean reports = props.containsKey("errors.deadletterqueue.topic.name")
                || Boolean.parseBoolean(props.get("errors.log.enable"));
        String said = props.get("errors.tolerance");
        return said == null && reports ? "none" : said;
    }

    /** The connector's name, by which its positions are told from those of others. */
    static String nameIn(Map<String, String> props) {
        return props.getOrDefault("name", "sink");
    }

    private Running running() {
        if (running == null) {
            throw new IllegalStateException("called before start");
        }
        return running;
    }

    private ConnectException failed(JdbcSinkConfig config, SQLException e) {
        String what = "cannot write to " + config.connection().jdbcUrl() + ": " + e.getMessage() + " ["
                + e.getSQLState() + "]";
        if (config.dialect().failureKind(e) != FailureKind.RETRIABLE) {
            return new ConnectException(what, e);
        }
        Duration wait = config.options().retryBackoff();
        if (e instanceof SinkConnection.ConnectFailedException
                && ++connectFailuresInARow % config.connection().attempts() != 0) {
            wait = config.connection().backoff();
        } else {
            int allowed = config.options().maxRetries();
            if (++failuresInARow > allowed) {
                return new ConnectException(what + "; gave up after " + allowed + " further attempts", e);
            }
        }
        context.timeout(wait.toMillis());
        return new RetriableException(what + "; will try again", e);
    }

    @Override
    public void stop() {
        if (running != null) {
            running.connection().close();
            running.login().close();
        }
    }
}
