/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** Finds stored offsets, whichever of the formats they were stored in. */
final class OffsetLookup {

    private final Map<Map<String, String>, Map<String, Object>> stored;

    /** Asks for the offsets of all tables at once, since that may read a topic to its end. Blocks. */
    OffsetLookup(OffsetStorageReader reader, Collection<TableId> tables) {
        List<Map<String, String>> partitions = new ArrayList<>();
        tables.forEach(table -> partitions.addAll(SourcePartition.candidates(table)));
        if (tables.isEmpty()) {
            partitions.add(SourcePartition.ofQuery());
        }
        this.stored = reader.offsets(partitions);
    }

    /** The offset of a table, or of the query if {@code table} is null. */
    JdbcOffset of(@Nullable TableId table) {
        return JdbcOffset.of(stored(table));
    }

    /** What the offset of a table, or of the query, tells of rows behind it that were handed out; null for nothing. */
    @Nullable
    String late(@Nullable TableId table) {
        Map<String, Object> offset = stored(table);
        return offset != null && offset.get(LateRows.LATE) instanceof String late ? late : null;
    }

    /** True if no row of the table has been told. */
    boolean isFresh(TableId table) {
        return of(table).equals(JdbcOffset.NONE) && late(table) == null;
    }

    private @Nullable Map<String, Object> stored(@Nullable TableId table) {
        List<Map<String, String>> partitions =
                table == null ? List.of(SourcePartition.ofQuery()) : SourcePartition.candidates(table);
        return partitions.stream()
                .map(stored::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Under what a table's offset is stored from now on: where it was found, so that there is one only, and whoever wrote it finds it
     * again; but not under a name without a schema, which may mean several tables.
     */
    Map<String, String> partition(TableId table) {
        return SourcePartition.candidates(table).stream()
                .filter(partition -> SourcePartition.isExact(partition) && stored.get(partition) != null)
                .findFirst()
                .orElse(SourcePartition.ofTable(table));
    }
}
