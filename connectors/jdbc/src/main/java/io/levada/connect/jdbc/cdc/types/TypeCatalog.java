/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** Types of a database, read once and asked for again when an oid is not known (a type made later). Used by one thread at a time. */
public final class TypeCatalog {

    /** int2vector and oidvector are arrays to the catalogue, but their text is none. */
    private static final String TYPES = """
            SELECT t.oid::int8, n.nspname, t.typname, t.typtype, t.typbasetype::int8, t.typtypmod,
                   CASE WHEN t.typcategory = 'A' AND t.typlen = -1 AND t.oid NOT IN (22, 30) THEN t.typelem::int8 ELSE 0 END,
                   (SELECT array_agg(e.enumlabel::text ORDER BY e.enumsortorder) FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid)
            FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
            """;

    private final Connection connection;
    private final Map<Integer, PgType> types = new HashMap<>();
    private final Map<Integer, List<String>> labels = new HashMap<>();

    private TypeCatalog(Connection connection) {
        this.connection = connection;
    }

    /**
     * Reads all types.
     *
     * @param connection asked again for types made later; stays the caller's, who closes it
     */
    public static TypeCatalog of(Connection connection) throws SQLException {
        TypeCatalog catalog = new TypeCatalog(connection);
        try (PreparedStatement statement = connection.prepareStatement(TYPES)) {
            catalog.add(statement);
        }
        return catalog;
    }

    /**
     * The type of that oid, which is asked for where it is not known yet.
     *
     * @throws DataException if the database has no such type
     */
    public PgType get(int oid) throws SQLException {
        @Nullable PgType known = types.get(oid);
        if (known == null) {
            read(oid);
            known = types.get(oid);
        }
        if (known == null) {
            throw new DataException("no type has oid " + Integer.toUnsignedString(oid) + " (any more)");
        }
        return known;
    }

    /** Reads the type again, and the types that it is made of: an enum may have got new labels. */
    public void refresh(int oid) throws SQLException {
        read(oid);
        @Nullable PgType type = types.get(oid);
        if (type != null && type.isDomain()) {
            refresh(type.baseOid());
        } else if (type != null && type.isArray()) {
            refresh(type.elementOid());
        }
    }

    /** Labels of an enum in the order of their declaration; empty for other types. */
    List<String> labels(PgType type) {
        return labels.getOrDefault(type.oid(), List.of());
    }

    private void read(int oid) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(TYPES + " WHERE t.oid = ?::int8::oid")) {
            statement.setLong(1, Integer.toUnsignedLong(oid));
            add(statement);
        }
    }

    private void add(PreparedStatement statement) throws SQLException {
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                PgType type = new PgType(
                        (int) rows.getLong(1),
                        rows.getString(2),
                        rows.getString(3),
                        rows.getString(4).charAt(0),
                        (int) rows.getLong(5),
                        rows.getInt(6),
                        (int) rows.getLong(7));
                types.put(type.oid(), type);
                @Nullable Array enumLabels = rows.getArray(8);
                if (enumLabels != null) {
                    labels.put(type.oid(), List.of((String[]) enumLabels.getArray()));
                }
            }
        }
    }
}
