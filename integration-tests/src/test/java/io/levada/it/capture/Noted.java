/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.levada.it.database.Server;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the database itself says of the changes that were committed, and of its rows at the end.
 *
 * @param changes by table and key, in their order, which locks make that of the commits
 * @param rows of each table at the end, by key
 */
record Noted(Map<String, Map<String, List<Change>>> changes, Map<String, Map<String, JsonNode>> rows) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What one event must tell.
     *
     * @param seq later changes have greater ones
     * @param row as it is then; null for a deletion or truncation
     */
    record Change(long seq, String op, long xid, @Nullable JsonNode row) {
        /** As {@link #word(String, long, JsonNode)} of its event. */
        String word() {
            return word(op, xid, row);
        }

        /** What tells the change among those of its key: {@code v} is another in each row ever written. */
        static String word(String op, long xid, @Nullable JsonNode row) {
            return op + " " + xid + (row == null ? "" : " " + row.path("v").asText());
        }
    }

    /** @param viaRoot changes of partitions are told as their table's */
    static Noted read(Server server, boolean viaRoot) throws SQLException, IOException {
        Noted noted = new Noted(new TreeMap<>(), new TreeMap<>());
        try (Connection connection = server.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.setFetchSize(5_000);
            try (ResultSet rows = statement.executeQuery(
                    "SELECT seq, xid, tbl, op, old_id, new_id, now FROM noted.changes ORDER BY seq")) {
                while (rows.next()) {
                    noted.take(rows, viaRoot);
                }
            }
            List<String> tables = new ArrayList<>(List.of("plain", "whole", "scratch"));
            tables.addAll(viaRoot ? List.of("parted") : List.of("parted_0", "parted_1"));
            for (String table : tables) {
                Map<String, JsonNode> found = new HashMap<>();
                try (ResultSet rows = statement.executeQuery("SELECT id, to_jsonb(t) FROM " + table + " t")) {
                    while (rows.next()) {
                        found.put(rows.getString(1), JSON.readTree(rows.getString(2)));
                    }
                }
                noted.rows.put(table, found);
            }
        }
        return noted;
    }

    private void take(ResultSet row, boolean viaRoot) throws SQLException, IOException {
        long seq = row.getLong(1);
        long xid = row.getLong(2);
        String table = row.getString(3);
        String told = viaRoot && table.startsWith("parted") ? "parted" : table;
        String op = row.getString(4);
        String before = row.getString(5);
        String after = row.getString(6);
        String now = row.getString(7);
        JsonNode value = now == null ? null : JSON.readTree(now);
        if (op.equals("t")) {
            add(told, "", new Change(seq, op, xid, null));
        } else if (op.equals("u") && !after.equals(before)) {
            add(told, before, new Change(seq, "d", xid, null));
            add(told, after, new Change(seq, "c", xid, value));
        } else {
            add(told, op.equals("d") ? before : after, new Change(seq, op, xid, value));
        }
    }

    private void add(String table, String id, Change change) {
        changes.computeIfAbsent(table, each -> new HashMap<>())
                .computeIfAbsent(id, each -> new ArrayList<>())
                .add(change);
    }
}
