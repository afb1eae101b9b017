/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.api.WorkerKafka;
import io.levada.connect.jdbc.connection.Database;
import io.levada.connect.jdbc.connection.Login;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.FailureKind;
import io.levada.connect.jdbc.metrics.WrittenMetrics;
import io.levada.connect.jdbc.source.AssignedRanges;
import io.levada.connect.jdbc.source.AssignedTables;
import io.levada.connect.jdbc.source.DeleteOptions;
import io.levada.connect.jdbc.source.Mode;
import io.levada.connect.jdbc.source.ModeOptions;
import io.levada.connect.jdbc.source.ProgressMetrics;
import io.levada.connect.jdbc.source.ReadProgress;
import io.levada.connect.jdbc.source.ReadingSchedule;
import io.levada.connect.jdbc.source.TableOptions;
import io.levada.connect.jdbc.source.TableReader;
import io.levada.connect.jdbc.source.TableReaders;
import io.levada.connect.jdbc.threads.ConnectorThread;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Polls the tables that the connector assigned to it, or the query. {@link #stop()} may be called by any thread. */
public final class JdbcSourceTask extends SourceTask {

    /** A poll never waits longer, so that the worker can pause or stop the task between two. */
    private static final Duration WAIT_MAX = Duration.ofMillis(500);

    /** So many times as long a read is left open that would repeat records if it were ended. */
    private static final int REPEATING_PATIENCE = 30;

    private static final Logger LOGGER = LoggerFactory.getLogger(JdbcSourceTask.class);

    private final LongSupplier nanoTime;
    private final CountDownLatch stopped = new CountDownLatch(1);

    /** Held while a poll reads, so that {@link #stop()} knows whether it may close what the poll uses. */
    private final ReentrantLock reading = new ReentrantLock();

    private volatile @Nullable Running running;

    /** When the last poll gave what it had read. */
    private volatile long polledNanos;

    /** For the worker. */
    public JdbcSourceTask() {
        this(System::nanoTime);
    }

    JdbcSourceTask(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** What exists between start and stop. */
    private record Running(
            JdbcSourceConfig config,
            Login login,
            Database database,
            ReadingSchedule schedule,
            Failures failures,
            ProgressMetrics metrics,
            @Nullable TransactionContext transactions) {}

    /** How many polls have failed in a row. */
    private static final class Failures {
        private int inARow;
    }

    @Override
    public String version() {
        return PluginVersion.of(JdbcSourceTask.class);
    }

    @Override
    public void start(Map<String, String> props) {
        Map<String, String> own = new HashMap<>(props);
        String tables = own.remove(AssignedTables.KEY);
        String ranges = own.remove(AssignedRanges.KEY);
        JdbcSourceConfig config = JdbcSourceConfig.of(own);
        Dialect dialect = config.dialect();
        requireKept(config, own);
        Login login = Login.of(config.connection(), own);
        Database database = new Database(
                "jdbc-" + own.getOrDefault("name", "source"),
                config.connection(),
                login,
                JdbcSourceConfig.session(dialect),
                config.options().poll().isolation().poolName(),
                1);
        try {
            ReadProgress progress = new ReadProgress(InstantSource.system(), nanoTime);
            List<TableReader> readers = new TableReaders(
                            config.options(),
                            dialect,
                            database,
                            context.offsetStorageReader(),
                            keepsEveryOffset(own),
                            lateRowsWindow(config, own),
                            progress,
                            nanoTime)
                    .of(
                            tables == null ? List.of() : AssignedTables.read(tables),
                            ranges == null ? null : AssignedRanges.read(ranges));
            ReadingSchedule schedule = new ReadingSchedule(
                    readers, dialect, config.options().poll().interval(), nanoTime);
            polledNanos = nanoTime.getAsLong();
            running = new Running(
                    config,
                    login,
                    database,
                    schedule,
                    new Failures(),
                    new ProgressMetrics(progress, WrittenMetrics.of(context).orElse(null), nanoTime),
                    transactions(own));
        } catch (RuntimeException e) { // an offset that is none, for instance
            database.close();
            login.close();
            throw e;
        }
        ConnectorThread.daemon("jdbc-idle-" + own.getOrDefault("name", "source"), this::watchIdle)
                .start();
    }

    /** Kafka Connect forgets the offset of a record that a transform drops, or that fails and is passed over; a Levada worker does not. */
    private boolean keepsEveryOffset(Map<String, String> props) {
        return context instanceof WorkerKafka
                || (!props.containsKey("transforms") && !"all".equals(props.get("errors.tolerance")));
    }

    private void requireKept(JdbcSourceConfig config, Map<String, String> props) {
        if (config.options().deletes().isOn() && !keepsEveryOffset(props)) {
            throw new ConnectException(
                    DeleteOptions.DETECT + "=keys goes with neither transforms nor errors.tolerance=all on this"
                            + " worker, which forgets the offsets of records that are dropped: it would not be known which keys were told."
                            + " Remove them, or run the connector on a Levada worker");
        }
    }

    private static Duration lateRowsWindow(JdbcSourceConfig config, Map<String, String> props) {
        ModeOptions mode = config.options().mode();
        Duration window = config.lateRowsWindow(props);
        if (window.isZero()
                && mode.lateRowsWindow() == null
                && mode.mode() != Mode.BULK
                && config.dialect().hidesLateCommits()) {
            LOGGER.atWarn()
                    .log(
                            "this database does not tell which transactions are open: rows that commit late are missed, since"
                                    + " looking for them again (late.rows.window.ms) may tell rows twice, and exactly.once.support is"
                                    + " required, or reads more rows than a LIMIT in query.suffix may allow");
        }
        return window;
    }

    /** Null unless the connector is to say where transactions of the records end (KIP-618). */
    private @Nullable TransactionContext transactions(Map<String, String> props) {
        return JdbcSourceConnector.boundsTransactions(props) ? context.transactionContext() : null;
    }

    /** A worker that has paused the task, or cannot send, does not poll: nothing is to be kept open in the database meanwhile. */
    private void watchIdle() {
        Running now = running;
        if (now == null) {
            return;
        }
        Duration idle = now.config().options().poll().cursorIdle();
        try {
            while (!stopped.await(idle.toNanos(), TimeUnit.NANOSECONDS)) {
                if (nanoTime.getAsLong() - polledNanos >= idle.toNanos() && reading.tryLock()) {
                    try {
                        restIfDue(now, idle);
                    } catch (SQLException e) {
                        LOGGER.atWarn()
                                .addKeyValue("error", tables(now).told(e))
                                .log("cannot close a cursor that is idle");
                    } finally {
                        reading.unlock();
                    }
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A transaction of the records cannot take back what has been handed over of it: the read it belongs to stays open. */
    private void restIfDue(Running now, Duration idle) throws SQLException {
        if (now.schedule().mayRest()) {
            now.schedule().rest();
        } else if (now.transactions() == null
                && nanoTime.getAsLong() - polledNanos
                        >= idle.multipliedBy(REPEATING_PATIENCE).toNanos()) {
            if (now.schedule().isReading()) {
                LOGGER.atWarn()
                        .addKeyValue(
                                "idleMs", idle.multipliedBy(REPEATING_PATIENCE).toMillis())
                        .log("nobody takes records, so a read is ended whose rows cannot be told apart: those of the"
                                + " moment, or the table, that was being read come again; see cursor.idle.close.ms");
            }
            now.schedule().rest();
        }
    }

    /** The next rows, or null after half a second without any. */
    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Running now = running;
        if (now == null) {
            throw new IllegalStateException("poll before start");
        }
        long began = nanoTime.getAsLong();
        while (stopped.getCount() > 0) {
            now.metrics().writeInTime();
            Duration left = WAIT_MAX.minusNanos(nanoTime.getAsLong() - began);
            if (left.isNegative()) {
                return null;
            }
            Duration untilDue = now.schedule().untilDue();
            if (untilDue.compareTo(Duration.ZERO) > 0) {
                await(untilDue.compareTo(left) < 0 ? untilDue : left);
                continue;
            }
            List<SourceRecord> records = read(now);
            if (!records.isEmpty()) {
                return records;
            }
        }
        return null;
    }

    private List<SourceRecord> read(Running now) throws InterruptedException {
        reading.lock();
        try {
            List<SourceRecord> records = now.schedule().readNext();
            now.failures().inARow = 0;
            if (now.transactions() != null
                    && !records.isEmpty()
                    && now.schedule().isWhole()) {
                now.transactions().commitTransaction(records.get(records.size() - 1));
            }
            polledNanos = nanoTime.getAsLong();
            return records;
        } catch (SQLException e) {
            if (stopped.getCount() == 0) {
                return List.of();
            }
            if (now.transactions() != null && !now.schedule().mayRest()) {
                throw new ConnectException(
                        "rows that cannot be told apart were handed over in part when reading failed; the task has to"
                                + " start anew, so that the transaction with these records is given up",
                        tables(now).cause(e));
            }
            throw failed(now, e);
        } finally {
            reading.unlock();
        }
    }

    private ConnectException failed(Running now, SQLException e) throws InterruptedException {
        String what = "cannot read from " + now.config().connection().jdbcUrl() + ": "
                + tables(now).told(e);
        SQLException cause = tables(now).cause(e);
        int allowed = now.config().options().poll().queryRetryAttempts();
        now.failures().inARow++;
        if (now.config().dialect().failureKind(e) != FailureKind.RETRIABLE) {
            return new ConnectException(what, cause);
        }
        if (allowed >= 0 && now.failures().inARow > allowed) {
            return new ConnectException(what + "; gave up after " + allowed + " further attempts", cause);
        }
        await(now.config().connection().backoff());
        return new RetriableException(what + "; will try again", cause);
    }

    private static TableOptions tables(Running now) {
        return now.config().options().tables();
    }

    private void await(Duration duration) throws InterruptedException {
        boolean unused = stopped.await(duration.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Ends a poll that waits or reads: closing the pool breaks off a query that is under way. */
    @Override
    public void stop() {
        stopped.countDown();
        Running now = running;
        if (now == null) {
            return;
        }
        if (reading.tryLock()) {
            try {
                now.schedule().rest();
            } catch (SQLException e) {
                LOGGER.atWarn()
                        .addKeyValue("error", tables(now).told(e))
                        .log("cannot close a cursor, closing its connection");
            } finally {
                reading.unlock();
            }
        }
        now.database().close();
        now.login().close();
    }
}
