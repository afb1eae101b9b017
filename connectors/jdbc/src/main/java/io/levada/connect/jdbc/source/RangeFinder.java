/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Dialect;
import io.levada.connect.jdbc.dialect.TableId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Finds ranges of a table's key with about as many rows each: by the database's sample, else by equal steps from the lowest to the
 * highest number.
 */
final class RangeFinder {

    private static final Set<Integer> NUMBERS =
            Set.of(Types.SMALLINT, Types.INTEGER, Types.BIGINT, Types.NUMERIC, Types.DECIMAL);

    /** The columns' digits may be more than an offset keeps, so that a load ends at a whole one. */
    private static final Duration TICK = Duration.ofMillis(1);

    private final SourceOptions options;
    private final ModeOptions mode;
    private final Dialect dialect;
    private final Duration lateRowsWindow;
    private final SettledBounds bounds;

    /** @param lateRowsWindow how far back late rows are looked for; zero for not at all */
    RangeFinder(SourceOptions options, Dialect dialect, Duration lateRowsWindow) {
        this.lateRowsWindow = lateRowsWindow;
        this.options = options;
        this.mode = options.mode();
        this.dialect = dialect;
        this.bounds = new SettledBounds(mode, dialect, () -> 0);
    }

    /**
     * Looks for ranges.
     *
     * @param parts how many there may be; at least 2
     * @param rows about how many the table has
     * @return nothing if the table is to be read whole: it has no key that falls into ranges, or options are set that are for one reader
     */
    Optional<Ranges> find(Connection connection, TableId table, int parts, long rows) throws SQLException {
        if (!options.tables().querySuffix().isEmpty()) {
            return Optional.empty(); // a LIMIT is of one statement
        }
        Relation relation = Relation.ofTable(table, SourcePartition.ofTable(table), options, dialect);
        Structure structure = Structure.of(relation, dialect, connection, null);
        return mode.mode() == Mode.BULK
                ? inBulk(connection, relation, structure, parts, rows)
                : ofFirstLoad(connection, relation, structure, parts, rows);
    }

    private Optional<Ranges> inBulk(Connection connection, Relation relation, Structure structure, int parts, long rows)
            throws SQLException {
        Optional<Column> first = structure.primaryKey().stream()
                .findFirst()
                .flatMap(name -> structure.columns().stream()
                        .filter(column -> column.name().equals(name))
                        .findFirst())
                .filter(column -> !column.optional()
                        && relation.identifiers().stored(column.name()).equals(column.name()));
        return first.isEmpty()
                ? Optional.empty()
                : ranges(connection, relation, first.get(), parts, rows, JdbcOffset.NONE);
    }

    private Optional<Ranges> ofFirstLoad(
            Connection connection, Relation relation, Structure structure, int parts, long rows) throws SQLException {
        if (!lateRowsWindow.isZero()
                || mode.timestampInitial() != null
                || (mode.mode() == Mode.INCREMENTING && mode.incrementingInitial() != null)) {
            return Optional.empty(); // late rows are looked for behind one reader, and not all rows are read
        }
        FollowedColumns followed = FollowedColumns.of(relation, structure.columns(), mode, dialect);
        Column key = followed.incrementing() == null ? singleNumber(structure, relation) : followed.incrementing();
        if (key == null) {
            return Optional.empty();
        }
        NewRowsQuery.Kind kind = new NewRowsQuery.Kind(
                relation, followed, List.of(), null, dialect, options.types().zone());
        JdbcOffset upto = mode.mode().usesTimestamp() ? moment(connection, kind) : number(connection, kind);
        return upto.equals(JdbcOffset.NONE) ? Optional.empty() : ranges(connection, relation, key, parts, rows, upto);
    }

    /** The primary key, if rows can be put into its order and it is one number. */
    private @Nullable Column singleNumber(Structure structure, Relation relation) {
        List<String> key = structure.order(relation, dialect, options.types());
        return key.size() != 1
                ? null
                : structure.columns().stream()
                        .filter(column -> column.name().equals(key.get(0)))
                        .findFirst()
                        .orElse(null);
    }

    /** The last row is left to who follows the table then, so that an offset of the table itself is stored at once. */
    private static JdbcOffset number(Connection connection, NewRowsQuery.Kind kind) throws SQLException {
        BigDecimal highest = SettledBounds.highest(connection, kind, JdbcOffset.NONE, Bound.NONE);
        return highest == null
                ? JdbcOffset.NONE
                : new JdbcOffset(PlaceReader.exact(highest, kind.columns().incrementing()) - 1, null);
    }

    /** The last moment's rows are left likewise; no moment that is not over counts. */
    private JdbcOffset moment(Connection connection, NewRowsQuery.Kind kind) throws SQLException {
        NewRowsQuery query = new NewRowsQuery(kind, JdbcOffset.NONE, null, Bound.NONE);
        Instant last;
        try (PreparedStatement statement = connection.prepareStatement(query.lastMoment())) {
            query.bind(statement);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                last = dialect.instant(rows, 1, kind.columns().timestamps().get(0), kind.zone());
            }
        }
        if (last == null) {
            return JdbcOffset.NONE;
        }
        Instant over = bounds.momentOver(connection, kind.columns());
        Instant end = last.isBefore(over) ? last : over;
        return new JdbcOffset(null, end.truncatedTo(ChronoUnit.MILLIS).minus(TICK));
    }

    private Optional<Ranges> ranges(
            Connection connection, Relation relation, Column key, int parts, long rows, JdbcOffset upto)
            throws SQLException {
        String column = relation.identifiers().sql(key.name());
        Optional<List<String>> sampled = dialect.quantiles(connection, relation.from(), column, parts, rows);
        List<String> bounds = sampled.isPresent()
                ? sampled.get()
                : NUMBERS.contains(key.jdbcType()) ? steps(connection, relation.from(), column, parts) : List.of();
        List<String> inner = bounds.stream().filter(bound -> !bound.isEmpty()).toList();
        return inner.isEmpty() ? Optional.empty() : Optional.of(new Ranges(key.name(), inner, upto));
    }

    private static List<String> steps(Connection connection, String table, String column, int parts)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows =
                        statement.executeQuery("SELECT min(" + column + "), max(" + column + ") FROM " + table)) {
            rows.next();
            BigDecimal lowest = rows.getBigDecimal(1);
            BigDecimal highest = rows.getBigDecimal(2);
            return lowest == null || highest == null ? List.of() : steps(lowest, highest, parts);
        }
    }

    /** Whole numbers, growing, that cut what lies between two numbers into equal parts; fewer if there are not so many between. */
    static List<String> steps(BigDecimal lowest, BigDecimal highest, int parts) {
        BigInteger from = lowest.setScale(0, RoundingMode.FLOOR).toBigInteger();
        BigInteger width =
                highest.setScale(0, RoundingMode.CEILING).toBigInteger().subtract(from);
        return IntStream.range(1, parts)
                .mapToObj(i -> from.add(width.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(parts))))
                .filter(bound -> bound.compareTo(from) > 0)
                .distinct()
                .map(BigInteger::toString)
                .toList();
    }
}
