/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.event.Events;
import io.levada.connect.jdbc.cdc.event.TakenSignals;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.signal.Signal;
import io.levada.connect.jdbc.cdc.signal.SignalChannel;
import io.levada.connect.jdbc.cdc.signal.SignalData;
import io.levada.connect.jdbc.cdc.snapshot.Wanted;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does what signals ask for, once the transaction that they came in has been told, or between two. One that makes no sense changes nothing and is
 * named in the log. Used by the capturing thread.
 */
final class Signals implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Signals.class);

    private final CaptureOptions options;
    private final Connection sql;
    private final LaterRows rows;
    private final Events events;
    private final List<SignalChannel> channels;
    private final @Nullable TableName table;
    private final Deque<Signal> waiting = new ArrayDeque<>();

    /** The signal table's oid, once it was told of; 0 before. */
    private int relation;

    Signals(CaptureOptions options, Connection sql, LaterRows rows, Events events) {
        this.options = options;
        this.sql = sql;
        this.rows = rows;
        this.events = events;
        this.channels = options.channels().open(events.done().signals());
        this.table = options.signals().table();
    }

    /** Looks for signals in what the stream tells. */
    void take(Message message) {
        if (message instanceof Message.Relation told) {
            if (new TableName(told.schema(), told.name()).equals(table)) {
                relation = told.oid();
            }
        } else if (message instanceof Message.Insert insert && insert.relation() == relation && relation != 0) {
            take(insert.row());
        }
    }

    private void take(Tuple row) {
        if (row.size() < 3) {
            LOGGER.atWarn()
                    .addKeyValue("table", table)
                    .log("a signal is passed over: its table needs three columns, id, type and data");
            return;
        }
        waiting.add(new Signal(text(row, 0), text(row, 1), text(row, 2)));
    }

    private static String text(Tuple row, int column) {
        return row.length(column) < 0
                ? ""
                : new String(row.bytes(), row.offset(column), row.length(column), StandardCharsets.UTF_8);
    }

    /** Does what has been asked through the table; between transactions. */
    void act() throws SQLException, InterruptedException {
        while (!waiting.isEmpty()) {
            act(waiting.remove());
        }
    }

    /**
     * Does what has been asked by other ways, as {@link #act} does.
     *
     * @param stored what the worker has stored as taken
     */
    void actOnOthers(TakenSignals stored) throws SQLException, InterruptedException {
        for (SignalChannel channel : channels) {
            SignalChannel.Arrived arrived = channel.next(stored);
            while (arrived != null) {
                CdcOffset at = events.done();
                // First, so that it is in no offset without what it asks for: it is never lost, and done twice only
                // where that
                // changes nothing.
                events.at(at.withSignals(arrived.taken().apply(at.signals())));
                Signal named = new Signal(arrived.where(), "", arrived.json());
                try {
                    SignalData fields = new SignalData(sql, arrived.json());
                    act(new Signal(text(fields, "id"), text(fields, "type"), text(fields, "data")));
                } catch (SignalData.Unreadable e) {
                    refuse(named, e.getMessage());
                }
                arrived = channel.next(stored);
            }
        }
    }

    private static String text(SignalData fields, String key) throws SQLException, SignalData.Unreadable {
        return Objects.requireNonNullElse(fields.text(key), "");
    }

    private void act(Signal signal) throws SQLException, InterruptedException {
        try {
            String trouble = act(signal, new SignalData(sql, signal.data()));
            if (trouble != null) {
                refuse(signal, trouble);
            }
        } catch (PatternSyntaxException e) {
            refuse(signal, "data-collections has what is no regular expression: " + e.getDescription());
        } catch (SignalData.Unreadable e) {
            refuse(signal, e.getMessage());
        }
    }

    @Override
    public void close() {
        channels.forEach(SignalChannel::close);
    }

    private static void refuse(Signal signal, @Nullable String why) {
        LOGGER.atWarn()
                .addKeyValue("signal", signal.id())
                .addKeyValue("type", signal.type())
                .addKeyValue("error", why)
                .log("a signal is passed over; correct it and send it again");
    }

    /** Null, or what is wrong with the signal. */
    private @Nullable String act(Signal signal, SignalData data)
            throws SQLException, InterruptedException, SignalData.Unreadable {
        return switch (signal.type().strip().toLowerCase(Locale.ROOT)) {
            case "execute-snapshot" -> read(signal, data);
            case "stop-snapshot" -> stop(data);
            case "pause-snapshot" -> {
                rows.pause();
                yield null;
            }
            case "resume-snapshot" -> {
                rows.goOn();
                yield null;
            }
            case "log" -> {
                LOGGER.atInfo().addKeyValue("signal", signal.id()).log(data.text("message"));
                yield null;
            }
            default -> "its type is none of execute-snapshot, stop-snapshot, pause-snapshot, resume-snapshot and log";
        };
    }

    private @Nullable String read(Signal signal, SignalData data)
            throws SQLException, InterruptedException, SignalData.Unreadable {
        List<TableName> captured = new Catalogue(sql)
                .tables(new Selection(options.selection()), options.slot().viaRoot());
        List<TableName> tables = data.tables(captured);
        if (tables == null || tables.isEmpty()) {
            return "data-collections must name captured tables by regular expressions, as [\"public.orders\"]";
        }
        String type = data.text("type");
        boolean blocking = "blocking".equalsIgnoreCase(type);
        if (!blocking && type != null && !"incremental".equalsIgnoreCase(type)) {
            return "its snapshot type is neither incremental nor blocking";
        }
        List<Wanted> wanted = data.wanted(tables);
        LOGGER.atInfo()
                .addKeyValue("signal", signal.id())
                .addKeyValue("tables", tables)
                .log("reading rows again, as a signal asks");
        rows.ask(wanted, blocking);
        return null;
    }

    private @Nullable String stop(SignalData data) throws SQLException, InterruptedException, SignalData.Unreadable {
        List<TableName> tables = data.tables(rows.left());
        rows.stop(name -> tables == null || tables.contains(name));
        return null;
    }
}
