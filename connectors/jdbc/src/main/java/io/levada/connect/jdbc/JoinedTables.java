/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.jdbc.cdc.server.Connections;
import io.levada.connect.jdbc.cdc.server.Publication;
import io.levada.connect.jdbc.cdc.server.SlotOptions;
import io.levada.connect.jdbc.cdc.table.Catalogue;
import io.levada.connect.jdbc.cdc.table.RowRules;
import io.levada.connect.jdbc.cdc.table.Selection;
import io.levada.connect.jdbc.cdc.table.StoredTable;
import io.levada.connect.jdbc.cdc.table.TableName;
import io.levada.connect.jdbc.source.TableMonitor;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Finds tables that are to be captured, and those that are so again: after another took the name, or the publication was without one.
 * What was found once stays found, so that the set grows whenever the task has something to do. Used by one thread at a time.
 */
final class JoinedTables implements TableMonitor.Finder<JoinedTables.Joined> {

    private final Connections connections;
    private final Selection selection;
    private final SlotOptions slot;

    private final Map<Named, Integer> times = new HashMap<>();
    private final Set<Joined> found = new HashSet<>();
    private final Map<TableName, Long> oids = new HashMap<>();
    private Set<Named> published = Set.of();

    private record Named(TableName name, long oid) {}

    /**
     * A table that was found.
     *
     * @param time how often it had been before
     */
    record Joined(TableName name, long oid, int time) {}

    JoinedTables(Connections connections, Selection selection, SlotOptions slot) {
        this.connections = connections;
        this.selection = selection;
        this.slot = slot;
    }

    @Override
    public Set<Joined> find() throws SQLException {
        try (Connection connection = connections.open()) {
            Publication publication = new Publication(slot, RowRules.of(Map.of()), connection);
            Set<TableName> named = publication.published();
            Set<Named> now = new HashSet<>();
            for (StoredTable table :
                    publication.publishable(new Catalogue(connection).stored(selection, slot.viaRoot()))) {
                Named one = new Named(table.name(), table.oid());
                boolean isPublished = named.contains(table.name());
                if (isPublished) {
                    now.add(one);
                }
                Long before = oids.put(one.name(), one.oid());
                // Also one that had the name before: it was not captured in between.
                boolean isAnother = before == null || before != one.oid();
                if (isAnother || (!isPublished && published.contains(one))) {
                    found.add(new Joined(one.name(), one.oid(), times.merge(one, 1, Integer::sum)));
                }
            }
            published = now;
            return Set.copyOf(found);
        }
    }
}
