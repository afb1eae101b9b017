/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.Identifiers;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Positions in a table of the database, one row for each partition of a connector. A task that opens a partition raises the row's
 * epoch; a task of an earlier epoch can then commit nothing any more, since it changes the row in the same transaction as its rows,
 * where its own epoch still stands.
 *
 * <p>The row is locked only between the last row of a put and its commit, so that a task that hangs keeps no other up.
 */
public final class PositionTable implements Positions {

    private static final Comparator<TopicPartition> ORDER =
            Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition);

    private final Dialect dialect;
    private final Identifiers identifiers;
    private final TableId table;
    private final String connector;
    private final Map<TopicPartition, Position> open = new HashMap<>();
    private boolean stale;
    /** Whether this put comes after one that failed, so that its records may have been written. */
    private boolean again;

    /**
     * Does nothing yet.
     *
     * @param name of the table, as users write it
     * @param connector whose rows these are
     */
    public PositionTable(String name, String connector, SinkOptions options, Dialect dialect) {
        this.dialect = dialect;
        this.identifiers = dialect.identifiers(Quoting.ALWAYS);
        this.table = dialect.identifiers(options.quoting()).table(name);
        this.connector = connector;
    }

    /**
     * Of a partition.
     *
     * @param next null before the first record
     * @param began the first offset that was written to a row that had none; null if the row had one when it was taken over
     */
    private record Position(
            long epoch, @Nullable Long next, @Nullable Long began) {

        Position committed(long first, long nextNow) {
            return new Position(epoch, nextNow, next == null ? Long.valueOf(first) : began);
        }

        boolean lostIn(Position now) {
            return next != null && (now.next == null || now.next < next);
        }
    }

    @Override
    public boolean areKept() {
        return true;
    }

    @Override
    public Map<TopicPartition, Long> open(Collection<TopicPartition> partitions, Connection connection)
            throws SQLException {
        createTable(connection);
        Map<TopicPartition, Long> next = new TreeMap<>(ORDER);
        for (TopicPartition partition : partitions.stream().sorted(ORDER).toList()) {
            Position position = takeOver(partition, connection);
            open.put(partition, position);
            if (position.next() != null) {
                next.put(partition, position.next());
            }
        }
        return next;
    }

    private void createTable(Connection connection) throws SQLException {
        Shape shape = new Shape(
                table,
                Shape.Kind.WRITE,
                List.of(
                        new FieldShape("connector", Schema.STRING_SCHEMA),
                        new FieldShape("topic", Schema.STRING_SCHEMA),
                        new FieldShape("partition", Schema.INT32_SCHEMA)),
                List.of(
                        new FieldShape("epoch", Schema.INT64_SCHEMA),
                        new FieldShape("next_offset", Schema.OPTIONAL_INT64_SCHEMA)));
        if (exists(connection)) {
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(new TableDefinition(dialect, identifiers).create(shape));
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            if (!dialect.isAlreadyThere(e)) {
                throw e;
            }
        }
    }

    private boolean exists(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select())) {
            return statement.getMetaData() != null;
        } catch (SQLException e) {
            if (dialect.isMissingTable(e)) {
                return false;
            }
            throw e;
        } finally {
            connection.rollback();
        }
    }

    private Position takeOver(TopicPartition partition, Connection connection) throws SQLException {
        if (change(column("epoch") + " = " + column("epoch") + " + 1", "", partition, List.of(), connection) == 0) {
            try {
                insert(partition, connection);
            } catch (SQLException e) {
                connection.rollback();
                if (!dialect.isAlreadyThere(e)) {
                    throw e;
                }
                int unused = change(
                        column("epoch") + " = " + column("epoch") + " + 1", "", partition, List.of(), connection);
            }
        }
        Position position = read(partition, connection);
        connection.commit();
        if (position == null) {
            throw new ConnectException("the row of " + partition + " in table " + table + " is gone");
        }
        return position;
    }

    private void insert(TopicPartition partition, Connection connection) throws SQLException {
        String sql = "INSERT INTO " + identifiers.sql(table) + " ("
                + identifiers.list(List.of("connector", "topic", "partition", "epoch"), "") + ") VALUES (?, ?, ?, 1)";
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            bind(statement, 1, partition);
            statement.executeUpdate();
        }
    }

    private int change(
            String set, String condition, TopicPartition partition, List<Long> parameters, Connection connection)
            throws SQLException {
        String sql = "UPDATE " + identifiers.sql(table) + " SET " + set + where() + condition;
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            int index = 1;
            for (Long each : parameters.subList(0, Math.min(1, parameters.size()))) {
                statement.setLong(index++, each);
            }
            index = bind(statement, index, partition);
            for (Long each : parameters.subList(Math.min(1, parameters.size()), parameters.size())) {
                statement.setLong(index++, each);
            }
            return statement.executeUpdate();
        }
    }

    private @Nullable Position read(TopicPartition partition, Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(select())) {
            bind(statement, 1, partition);
            try (ResultSet rows = statement.executeQuery()) {
                if (!rows.next()) {
                    return null;
                }
                long epoch = rows.getLong(1);
                long next = rows.getLong(2);
                return new Position(epoch, rows.wasNull() ? null : next, null);
            }
        }
    }

    private String select() {
        return "SELECT " + identifiers.list(List.of("epoch", "next_offset"), "") + " FROM " + identifiers.sql(table)
                + where();
    }

    private String where() {
        return " WHERE " + column("connector") + " = ? AND " + column("topic") + " = ? AND " + column("partition")
                + " = ?";
    }

    private String column(String name) {
        return identifiers.sql(name);
    }

    private int bind(PreparedStatement statement, int index, TopicPartition partition) throws SQLException {
        statement.setString(index, connector);
        statement.setString(index + 1, partition.topic());
        statement.setInt(index + 2, partition.partition());
        return index + 3;
    }

    @Override
    public void close(Collection<TopicPartition> partitions) {
        open.keySet().removeAll(partitions);
    }

    @Override
    public Map<TopicPartition, Long> lost(Connection connection) throws SQLException {
        again = stale;
        return stale ? readAgain(connection) : Map.of();
    }

    @Override
    public Collection<SinkRecord> notYetWritten(Collection<SinkRecord> records) {
        return records.stream().filter(this::isNotYetWritten).toList();
    }

    private boolean isNotYetWritten(SinkRecord record) {
        TopicPartition partition = Commit.partition(record);
        long next = next(partition);
        boolean before = record.originalKafkaOffset() < next;
        if (before && !again) {
            throw new ConnectException("table " + table + " has " + partition + " written up to offset " + next
                    + ", but Kafka delivers offset " + record.originalKafkaOffset()
                    + ": was the topic made anew, or cut back? To write what it has now, stop the connector and set its offset"
                    + " for the partition: PATCH /connectors/" + connector + "/offsets");
        }
        return !before;
    }

    private long next(TopicPartition partition) {
        Position position = open.get(partition);
        if (position == null) {
            throw new IllegalStateException("a record of " + partition + ", which is not open");
        }
        return position.next() == null ? Long.MIN_VALUE : position.next();
    }

    private Map<TopicPartition, Long> readAgain(Connection connection) throws SQLException {
        Map<TopicPartition, Long> lost = new HashMap<>();
        Map<TopicPartition, Position> read = new HashMap<>();
        for (TopicPartition partition : Set.copyOf(open.keySet())) {
            Position now = read(partition, connection);
            Position before = open.get(partition);
            if (before == null || (now != null && now.epoch() > before.epoch())) {
                throw fenced(partition);
            }
            if (now == null || now.epoch() < before.epoch()) {
                now = takeOver(partition, connection); // A server that took over without it does not know that we did.
            }
            if (before.lostIn(now)) {
                Long from = now.next() == null ? before.began() : now.next();
                if (from == null) {
                    throw new ConnectException("table " + table + " has no offset of " + partition
                            + " any more, which it had when the task took over");
                }
                lost.put(partition, from);
            }
            read.put(partition, new Position(now.epoch(), now.next(), before.began()));
        }
        connection.rollback();
        open.putAll(read);
        stale = false;
        return lost;
    }

    private ConnectException fenced(TopicPartition partition) {
        return new ConnectException("another task of connector " + connector + " has taken over " + partition
                + ", so that nothing of it may be written here any more");
    }

    @Override
    public void advance(Collection<SinkRecord> records, Connection connection) throws SQLException {
        for (Map.Entry<TopicPartition, Long> each : ends(records).entrySet()) {
            TopicPartition partition = each.getKey();
            Position position = open.get(partition);
            if (position == null) {
                throw fenced(partition);
            }
            List<Long> parameters = position.next() == null
                    ? List.of(each.getValue(), position.epoch())
                    : List.of(each.getValue(), position.epoch(), position.next());
            String where = " AND " + column("epoch") + " = ? AND " + column("next_offset")
                    + (position.next() == null ? " IS NULL" : " = ?");
            if (change(column("next_offset") + " = ?", where, partition, parameters, connection) == 0) {
                Position now = read(partition, connection);
                if (now != null && now.epoch() > position.epoch()) {
                    throw fenced(partition);
                }
                throw new SQLTransientException("table " + table + " has " + partition
                        + (now == null ? " no more" : " up to offset " + now.next())
                        + ", not up to " + position.next() + " as after the last commit");
            }
        }
    }

    /** In an order that is the same for all tasks, so that two do not wait for each other. */
    private static Map<TopicPartition, Long> ends(Collection<SinkRecord> records) {
        return records.stream()
                .collect(Collectors.toMap(
                        Commit::partition,
                        record -> record.originalKafkaOffset() + 1,
                        Math::max,
                        () -> new TreeMap<>(ORDER)));
    }

    @Override
    public void committed(Collection<SinkRecord> records) {
        Map<TopicPartition, Long> first = records.stream()
                .collect(Collectors.toMap(Commit::partition, SinkRecord::originalKafkaOffset, Math::min));
        ends(records)
                .forEach((partition, next) -> open.computeIfPresent(
                        partition, (key, position) -> position.committed(first.getOrDefault(partition, next), next)));
    }

    @Override
    public void forget() {
        stale = true;
    }

    /**
     * Sets, or with null removes, where partitions are read from next, after the user altered the connector's offsets. No task may
     * run.
     */
    public void alter(Map<TopicPartition, @Nullable Long> offsets, Connection connection) throws SQLException {
        createTable(connection);
        List<TopicPartition> partitions = new ArrayList<>(offsets.keySet());
        partitions.sort(ORDER);
        for (TopicPartition partition : partitions) {
            Long next = offsets.get(partition);
            if (next == null) {
                String nothing =
                        column("next_offset") + " = NULL, " + column("epoch") + " = " + column("epoch") + " + 1";
                int unused = change(nothing, "", partition, List.of(), connection);
            } else {
                Position unused = takeOver(partition, connection);
                int unusedCount = change(column("next_offset") + " = ?", "", partition, List.of(next), connection);
            }
        }
        connection.commit();
    }
}
