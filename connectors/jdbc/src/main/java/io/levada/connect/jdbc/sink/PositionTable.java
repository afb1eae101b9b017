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

    /** @param next null before the first record */
    private record Position(long epoch, @Nullable Long next) {}

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
        if (change("epoch = " + column("epoch") + " + 1", "", partition, List.of(), connection) == 0) {
            try {
                insert(partition, connection);
            } catch (SQLException e) {
                connection.rollback();
                if (!dialect.isAlreadyThere(e)) {
                    throw e;
                }
                int unused = change("epoch = " + column("epoch") + " + 1", "", partition, List.of(), connection);
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
                return new Position(epoch, rows.wasNull() ? null : next);
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
    public Collection<SinkRecord> notYetWritten(Collection<SinkRecord> records, Connection connection)
            throws SQLException {
        if (stale) {
            readAgain(connection);
        }
        return records.stream()
                .filter(record -> record.originalKafkaOffset() >= next(Commit.partition(record)))
                .toList();
    }

    private long next(TopicPartition partition) {
        Position position = open.get(partition);
        if (position == null) {
            throw new IllegalStateException("a record of " + partition + ", which is not open");
        }
        return position.next() == null ? Long.MIN_VALUE : position.next();
    }

    private void readAgain(Connection connection) throws SQLException {
        for (TopicPartition partition : Set.copyOf(open.keySet())) {
            Position now = read(partition, connection);
            Position before = open.get(partition);
            if (now == null || before == null || now.epoch() != before.epoch()) {
                throw fenced(partition);
            }
            open.put(partition, now);
        }
        connection.rollback();
        stale = false;
    }

    private ConnectException fenced(TopicPartition partition) {
        return new ConnectException("another task of connector " + connector + " has taken over " + partition
                + ", so that nothing of it may be written here any more");
    }

    @Override
    public void advance(Collection<SinkRecord> records, Connection connection) throws SQLException {
        Map<TopicPartition, Long> next = ends(records);
        for (Map.Entry<TopicPartition, Long> each : next.entrySet()) {
            Position position = open.get(each.getKey());
            if (position == null
                    || change(
                                    column("next_offset") + " = ?",
                                    " AND " + column("epoch") + " = ?",
                                    each.getKey(),
                                    List.of(each.getValue(), position.epoch()),
                                    connection)
                            == 0) {
                throw fenced(each.getKey());
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
        ends(records)
                .forEach((partition, next) ->
                        open.computeIfPresent(partition, (key, position) -> new Position(position.epoch(), next)));
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
                int unused = change(column("next_offset") + " = NULL", "", partition, List.of(), connection);
            } else {
                Position unused = takeOver(partition, connection);
                int unusedCount = change(column("next_offset") + " = ?", "", partition, List.of(next), connection);
            }
        }
        connection.commit();
    }
}
