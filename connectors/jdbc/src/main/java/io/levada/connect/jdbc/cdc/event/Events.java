/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import io.levada.connect.jdbc.cdc.metrics.TableEvents;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import io.levada.connect.jdbc.cdc.table.CapturedTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.cdc.table.Tables;
import io.levada.connect.jdbc.cdc.types.BinaryMode;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Makes records of the stream's messages, one message after the other, and keeps the offset that goes with them. What was done
 * before a restart comes again from the server and is passed over here.
 */
public final class Events {

    private final Topics topics;
    private final EventOptions options;
    private final Tables tables;
    private final SourceBlock source;
    private final LogicalMessages messages;
    private final ConnectHeaders context;
    private final CaptureMeters meters;
    private final InstantSource clock;
    private final Unavailable unavailable;
    private final Consumer<SourceRecord> out;
    private final Map<String, String> partition;

    /** What was done before this start. */
    private final CdcOffset resumed;

    private Listener listener = (table, key) -> {};
    private CdcOffset done;
    private long xid;
    private long commitTimeMicros;
    private SourceBlock.@Nullable ReplicatedFrom origin;
    private @Nullable Transaction transaction;
    private long beginLsn;
    private boolean isBegun;

    /** The table of the last event, and its counts. */
    private @Nullable CapturedTable counted;

    private TableEvents counts = new TableEvents();

    /** Changes at one place that were done before this start, as far as they have come again. */
    private long repeatedAtLsn;

    /**
     * @param context headers of each record; empty for none
     * @param meters count the events
     * @param from where reading goes on
     * @param unavailable hears of updated rows
     * @param out takes the records in their order
     */
    public Events(
            Topics topics,
            EventOptions options,
            Tables tables,
            BinaryMode binary,
            String database,
            String version,
            ConnectHeaders context,
            CaptureMeters meters,
            CdcOffset from,
            InstantSource clock,
            Unavailable unavailable,
            Consumer<SourceRecord> out) {
        this.topics = topics;
        this.options = options;
        this.tables = tables;
        this.source = new SourceBlock(version, topics.prefix(), database);
        this.messages = new LogicalMessages(options, binary);
        this.context = context;
        this.meters = meters;
        this.clock = clock;
        this.unavailable = unavailable;
        this.out = out;
        this.partition = partition(topics.prefix());
        this.resumed = from;
        this.done = from;
        this.commitTimeMicros = from.timeMicros();
    }

    /** The source partition under which offsets are stored: Debezium's. */
    public static Map<String, String> partition(String prefix) {
        return Map.of("server", prefix);
    }

    /** Where reading stands after all messages so far. */
    public CdcOffset done() {
        return done;
    }

    /** Rows have been read, or asked for, at the present place in the log. */
    public void at(CdcOffset samePlace) {
        done = samePlace;
    }

    /** Somebody who wants to know of the rows whose changes are told. */
    @FunctionalInterface
    public interface Listener {
        /** A change of the row with that key is told. */
        void told(TableName table, @Nullable Struct key);
    }

    /** From now on the listener is told of each change that is. */
    public void listen(Listener to) {
        listener = to;
    }

    /** Whether the last message was within a transaction whose end has not come. */
    public boolean inTransaction() {
        return xid != 0;
    }

    /**
     * A record for the heartbeat topic, with the present offset.
     *
     * @param lsn all before has been looked at, and no transaction is under way
     */
    public void heartbeat(long lsn) {
        done = done.goneThrough(lsn);
        out.accept(Heartbeat.of(topics, done, clock.millis()));
    }

    /**
     * Takes the next message.
     *
     * @param lsn its place in the log
     * @throws SQLException if the catalogue, asked about a relation, does not answer
     */
    public void take(Message message, long lsn) throws SQLException {
        if (message instanceof Message.Insert insert) {
            insert(insert, lsn);
        } else if (message instanceof Message.Update update) {
            update(update, lsn);
        } else if (message instanceof Message.Delete delete) {
            delete(delete, lsn);
        } else if (message instanceof Message.Begin begin) {
            begin(begin, lsn);
        } else if (message instanceof Message.Commit) {
            commit(lsn);
        } else if (message instanceof Message.Relation relation) {
            tables.told(relation);
        } else if (message instanceof Message.Truncate truncate) {
            truncate(truncate, lsn);
        } else if (message instanceof Message.Logical logical) {
            logical(logical, lsn);
        } else if (message instanceof Message.Origin from) {
            origin = new SourceBlock.ReplicatedFrom(from.name(), from.originLsn());
        }
    }

    private void begin(Message.Begin begin, long lsn) {
        xid = begin.xid();
        commitTimeMicros = begin.commitTimeMicros();
        origin = null;
        repeatedAtLsn = 0;
        if (options.transactions()) {
            Transaction begun = new Transaction(xid, commitTimeMicros);
            transaction = begun;
            beginLsn = lsn;
            isBegun = isResumed();
        }
    }

    private void commit(long endLsn) {
        Transaction ended = transaction;
        long endedXid = xid;
        CdcOffset before = done;
        done = done.afterCommit(endLsn, endedXid, commitTimeMicros);
        if (ended != null) {
            tellBeginning(ended, before);
            tell(ended, endLsn, ended.end(endLsn), done);
        }
        transaction = null;
        xid = 0;
        meters.transaction(endedXid, commitTimeMicros, endLsn);
    }

    /** The beginning goes with the first record, so that it is never stored without it, and comes once. */
    private void tellBeginning(@Nullable Transaction of, CdcOffset before) {
        if (of != null && !isBegun) {
            isBegun = true;
            tell(of, beginLsn, of.begin(beginLsn), before);
        }
    }

    private void tell(Transaction of, long lsn, Struct value, CdcOffset offset) {
        out.accept(new SourceRecord(
                partition,
                new OffsetMap(offset),
                topics.transactions(),
                null,
                Transaction.KEY,
                of.key(lsn),
                Transaction.VALUE,
                value));
    }

    /** Whether this is the transaction in whose midst reading had stopped. */
    private boolean isResumed() {
        return xid != 0 && xid == resumed.xid() && resumed.changesAtLsn() > 0;
    }

    /** Whether the change was done before this start; it still counts in its transaction. */
    private boolean wasDone(long lsn) {
        if (!isResumed() || Long.compareUnsigned(lsn, resumed.lsn()) > 0) {
            return false;
        }
        if (lsn == resumed.lsn()) {
            repeatedAtLsn++;
            return repeatedAtLsn <= resumed.changesAtLsn();
        }
        return true;
    }

    private void insert(Message.Insert insert, long lsn) throws SQLException {
        CapturedTable table = tables.of(insert.relation()).orElse(null);
        if (table == null) {
            return;
        }
        table = tables.allowing(insert.relation(), table, insert.row());
        @Nullable Object[] row = table.values(insert.row(), null);
        table = tables.fitting(insert.relation(), table, row);
        Change change = new Change(table, lsn);
        change.last("c", table.key(row), null, table.value(row), null);
    }

    private void update(Message.Update update, long lsn) throws SQLException {
        CapturedTable table = tables.of(update.relation()).orElse(null);
        if (table == null) {
            return;
        }
        if (options.skips("u")) {
            // Also what would be told as a deletion and a creation, since the key changes.
            Change unused = new Change(table, lsn);
            meters.filtered();
            return;
        }
        Tuple told = update.before();
        table = tables.allowing(update.relation(), table, update.after());
        if (told != null && update.whole()) {
            table = tables.allowing(update.relation(), table, told);
        }
        @Nullable Object @Nullable [] old = told == null ? null : table.values(told, null);
        @Nullable Object[] row = table.values(update.after(), old);
        table = tables.fitting(update.relation(), table, row);
        Change change = new Change(table, lsn);
        Struct key = table.key(row);
        Struct oldKey = old == null ? null : table.key(old);
        Struct before = old == null ? null : table.value(old);
        Struct after = table.value(row);
        if (options.skipUnchanged() && after.equals(before)) {
            meters.filtered();
            return; // the offset has gone on
        }
        unavailable.told(table, update.after(), old, row, after);
        if (oldKey == null || oldKey.equals(key)) {
            change.last("u", key, before, after, null);
        } else {
            Schema keySchema = Objects.requireNonNull(table.schemas().key(), "a key has a schema");
            change.first("d", oldKey, before, null, headers("__debezium.newkey", key, keySchema));
            change.last("c", key, null, after, headers("__debezium.oldkey", oldKey, keySchema));
        }
    }

    private void delete(Message.Delete delete, long lsn) throws SQLException {
        CapturedTable table = tables.of(delete.relation()).orElse(null);
        if (table == null) {
            return;
        }
        if (delete.whole()) {
            table = tables.allowing(delete.relation(), table, delete.before());
        }
        Change change = new Change(table, lsn);
        @Nullable Object[] old = table.values(delete.before(), null);
        change.last("d", table.key(old), table.value(old), null, null);
    }

    private void truncate(Message.Truncate truncate, long lsn) {
        if (options.skips("t")) {
            return;
        }
        for (int relation : truncate.relations()) {
            CapturedTable table = tables.of(relation).orElse(null);
            if (table != null) {
                new Change(table, lsn).last("t", null, null, null, null);
            }
        }
    }

    private static ConnectHeaders headers(String name, @Nullable Struct key, Schema schema) {
        ConnectHeaders headers = new ConnectHeaders();
        headers.add(name, key, schema);
        return headers;
    }

    private void logical(Message.Logical logical, long lsn) {
        CdcOffset before = done;
        if (!logical.transactional()) {
            if (resumed.hasMessage(lsn)) {
                return;
            }
            // It may come within the changes of a transaction, which is then not done up to here.
            if (xid == 0) {
                done = done.afterMessage(lsn, commitTimeMicros);
            }
        } else if (wasDone(lsn)) {
            countMessage(lsn);
            return;
        } else {
            done = done.afterChange(lsn, xid, commitTimeMicros);
        }
        if (!messages.captures(logical.prefix())) {
            return;
        }
        meters.message();
        long ofXid = logical.transactional() ? xid : 0;
        Struct block = source.of(null, SourceBlock.STREAMED, commitTimeMicros, done.commitLsn(), lsn, ofXid, origin);
        Struct value = messages.value(logical.prefix(), logical.content(), block, clock.millis());
        Struct place = logical.transactional() ? countMessage(lsn) : null;
        if (place != null) {
            tellBeginning(transaction, before);
            value.put("transaction", place);
        }
        out.accept(new SourceRecord(
                partition,
                new OffsetMap(done),
                topics.messages(),
                null,
                LogicalMessages.KEY,
                messages.key(logical.prefix()),
                value.schema(),
                value));
    }

    private TableEvents countsOf(CapturedTable table) {
        if (table != counted) {
            counted = table;
            counts = meters.of(table.name().toString());
        }
        return counts;
    }

    private @Nullable Struct countMessage(long lsn) {
        return transaction == null ? null : transaction.nextMessage(topics.messages(), lsn);
    }

    private @Nullable Struct count(TableName collection, long lsn) {
        return transaction == null ? null : transaction.next(collection.toString(), lsn);
    }

    /** One change of a row: its records, of which only the last carries the offset behind it. */
    private final class Change {

        private final CapturedTable table;
        private final long lsn;
        private final boolean repeated;
        private final CdcOffset before = done;

        Change(CapturedTable table, long lsn) {
            this.table = table;
            this.lsn = lsn;
            this.repeated = wasDone(lsn);
            if (!repeated) {
                done = done.afterChange(lsn, xid, commitTimeMicros);
            }
        }

        void first(
                String op, @Nullable Struct key, @Nullable Struct old, @Nullable Struct row, ConnectHeaders headers) {
            add(op, key, old, row, headers, before, before);
        }

        void last(
                String op,
                @Nullable Struct key,
                @Nullable Struct old,
                @Nullable Struct row,
                @Nullable ConnectHeaders headers) {
            add(op, key, old, row, headers, before, done);
        }

        private void add(
                String op,
                @Nullable Struct key,
                @Nullable Struct old,
                @Nullable Struct row,
                @Nullable ConnectHeaders headers,
                CdcOffset offsetBefore,
                CdcOffset offsetAfter) {
            if (options.skips(op)) {
                meters.filtered();
                return;
            }
            Struct place = count(table.name(), lsn);
            if (repeated) {
                return;
            }
            countsOf(table).add(op);
            listener.told(table.name(), key);
            tellBeginning(transaction, before);
            CapturedTable.Schemas schemas = table.schemas();
            Struct block =
                    source.of(table.name(), SourceBlock.STREAMED, commitTimeMicros, done.commitLsn(), lsn, xid, origin);
            Struct event = Envelope.of(schemas.envelope(), op, old, row, block, clock.instant());
            if (place != null) {
                event.put("transaction", place);
            }
            boolean tombstone = op.equals("d") && options.tombstones();
            ConnectHeaders all = new ConnectHeaders(headers == null ? context : headers);
            if (headers != null) {
                context.forEach(all::add);
            }
            Schema keySchema = key == null ? null : schemas.key();
            out.accept(new SourceRecord(
                    partition,
                    new OffsetMap(tombstone ? offsetBefore : offsetAfter),
                    schemas.topic(),
                    null,
                    keySchema,
                    key,
                    schemas.envelope(),
                    event,
                    null,
                    all));
            if (tombstone) {
                out.accept(new SourceRecord(
                        partition,
                        new OffsetMap(offsetAfter),
                        schemas.topic(),
                        null,
                        keySchema,
                        key,
                        null,
                        null,
                        null,
                        all));
            }
        }
    }
}
