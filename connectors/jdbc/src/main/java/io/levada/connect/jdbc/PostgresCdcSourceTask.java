/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.PluginVersion;
import io.levada.connect.api.WorkerKafka;
import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.Events;
import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import io.levada.connect.jdbc.cdc.metrics.Shown;
import io.levada.connect.jdbc.cdc.server.WayOut;
import io.levada.connect.jdbc.cdc.stream.Batch;
import io.levada.connect.jdbc.cdc.stream.Capture;
import io.levada.connect.jdbc.cdc.stream.CaptureOptions;
import io.levada.connect.jdbc.cdc.table.ColumnRules;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.dialect.FailureKind;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.RetriableException;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands on what a {@link Capture} reads; begins another from the last record when the database was away. */
public final class PostgresCdcSourceTask extends SourceTask {

    /** SQLStates of a slot that is in use, and of a disk that does not give back what was written. */
    private static final Set<String> MAY_PASS = Set.of("55006", "58030");

    /** SQLState of what the server should not do. */
    private static final String INTERNAL_ERROR = "XX000";

    /** Kafka's default of {@code max.request.size}. */
    private static final String REQUEST_MAX = "1048576";

    private static final Logger LOGGER = LoggerFactory.getLogger(PostgresCdcSourceTask.class);

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final Object lock = new Object();
    private @Nullable CaptureOptions options;
    private @Nullable Duration retryWait;
    private int retries;
    private CdcOffset polled = CdcOffset.BEGINNING;
    private @Nullable CdcOffset given;
    /** Tables that were published since the last record was told: their rows are to be read. */
    private final Set<TableName> joined = ConcurrentHashMap.newKeySet();

    private boolean again;
    private int failures;
    private long confirmedAtNanos = System.nanoTime();
    private volatile @Nullable Capture capture;
    private volatile @Nullable Shown shown;

    @Override
    public String version() {
        return PluginVersion.of(PostgresCdcSourceTask.class);
    }

    @Override
    public void start(Map<String, String> props) {
        PostgresCdcSourceConfig config = PostgresCdcSourceConfig.SPEC.bind(props);
        InstantSource clock = InstantSource.system();
        CaptureMeters meters = new CaptureMeters(clock);
        CaptureOptions made = new CaptureOptions(
                props.getOrDefault("name", "postgres"),
                version(),
                config.server(),
                config.slot(),
                config.topics().forConverters(props),
                config.selection(),
                ColumnRules.of(props),
                RowRules.of(props),
                config.types(),
                config.events(),
                config.snapshot(),
                config.flow(),
                config.signals(),
                config.signals()
                        .besides(props, config.topics().prefix(), context instanceof WorkerKafka kafka ? kafka : null),
                config.extendedHeaders() ? context(config.topics().prefix()) : new ConnectHeaders(),
                context.transactionContext() != null,
                config.flow().heartbeat(!props.getOrDefault("transforms", "").isBlank()),
                requestMax(props),
                meters,
                clock);
        options = made;
        shown = new Shown(
                context,
                config.topics().prefix(),
                meters,
                config.flow().queueSize(),
                config.flow().queueBytes());
        retryWait = config.flow().retryWait();
        retries = config.flow().retries();
        CdcOffset stored = stored(made);
        polled = stored == null ? CdcOffset.BEGINNING : stored;
        given = stored;
        again = props.containsKey(
                PostgresCdcSourceConnector.FOUND); // a table has joined, and that alone is why we start
        begin(made);
    }

    /** Whatever the worker sets, it says nothing of it. */
    private static int requestMax(Map<String, String> props) {
        try {
            return Integer.parseInt(props.getOrDefault("producer.override.max.request.size", REQUEST_MAX));
        } catch (NumberFormatException e) {
            return Integer.parseInt(REQUEST_MAX); // the producer says what is wrong with it
        }
    }

    private static ConnectHeaders context(String prefix) {
        ConnectHeaders headers = new ConnectHeaders();
        headers.add("__debezium.context.connectorLogicalName", prefix, Schema.STRING_SCHEMA);
        headers.add("__debezium.context.taskId", "0", Schema.STRING_SCHEMA);
        headers.add("__debezium.context.connectorName", "postgresql", Schema.STRING_SCHEMA);
        headers.add("__debezium.context.runId", UUID.randomUUID().toString(), Schema.STRING_SCHEMA);
        return headers;
    }

    private @Nullable CdcOffset stored(CaptureOptions of) {
        Map<String, Object> offset = context.offsetStorageReader()
                .offset(Events.partition(of.topics().prefix()));
        return offset == null ? null : CdcOffset.of(offset);
    }

    private void begin(CaptureOptions of) {
        synchronized (lock) {
            if (stopped.getCount() > 0) {
                Capture begun = new Capture(of, polled, given, again, joined, () -> stored(of));
                capture = begun;
                begun.start();
            }
        }
    }

    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        Capture running = capture;
        CaptureOptions of = options;
        if (of == null) {
            throw new IllegalStateException("poll before start");
        }
        Shown numbers = shown;
        if (numbers != null) {
            numbers.refreshInTime();
        }
        if (running == null) {
            if (stopped.getCount() == 0) {
                return null;
            }
            begin(of);
            return null;
        }
        try {
            Batch batch = running.take();
            if (batch == null) {
                confirmWhenDue(running, of);
                return null;
            }
            failures = 0;
            again = true; // from here on polled tells how far this start has come
            joined.clear();
            polled = batch.done();
            given = CdcOffset.of(batch.records().get(batch.records().size() - 1).sourceOffset());
            if (batch.endsTransaction() && context.transactionContext() != null) {
                context.transactionContext().commitTransaction();
            }
            return batch.records();
        } catch (SQLException e) {
            if (stopped.getCount() == 0) {
                return null;
            }
            throw failed(running, e);
        }
    }

    /** A worker that delivers exactly once calls commit() only with records: what a quiet database has gone through goes here. */
    private void confirmWhenDue(Capture running, CaptureOptions of) {
        long now = System.nanoTime();
        if (now - confirmedAtNanos >= of.slot().statusInterval().toNanos()) {
            confirmedAtNanos = now;
            running.stored(stored(of));
        }
    }

    private ConnectException failed(Capture running, SQLException e) throws InterruptedException {
        CaptureOptions of = Objects.requireNonNull(options, "started");
        String what = "cannot capture changes of " + of.server() + ": " + e.getMessage() + " [" + e.getSQLState() + "]"
                + WayOut.of(e, of.name());
        if (INTERNAL_ERROR.equals(e.getSQLState()) && of.flow().inProgress() != null) {
            // Known: a rolled back and a later change of one table's columns within a transaction ("could not map
            // filenumber").
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log(
                            "the server cannot tell a transaction in progress; taking all at their commits until the task is restarted");
            options = of.withoutInProgress();
            running.close();
            capture = null;
            return new RetriableException(what + "; trying again without transactions in progress", e);
        }
        boolean mayPass = FailureKind.of(e) == FailureKind.RETRIABLE
                || MAY_PASS.contains(e.getSQLState())
                || Capture.isHealed(e, of);
        if (!mayPass || (retries >= 0 && failures >= retries)) {
            return new ConnectException(what, e);
        }
        failures++;
        running.close();
        capture = null;
        Duration wait = retryWait == null ? Duration.ZERO : retryWait;
        boolean unused = stopped.await(wait.toMillis(), TimeUnit.MILLISECONDS);
        return new RetriableException(what + "; trying again from the last record", e);
    }

    /** The worker has stored offsets: what is before them, the server may forget. */
    @Override
    public void commit() {
        Capture running = capture;
        CaptureOptions of = options;
        if (running != null && of != null) {
            running.stored(stored(of));
        }
    }

    @Override
    public void stop() {
        synchronized (lock) {
            stopped.countDown();
            Capture running = capture;
            if (running != null) {
                running.close();
            }
        }
        Shown numbers = shown;
        if (numbers != null) {
            numbers.close();
        }
    }
}
