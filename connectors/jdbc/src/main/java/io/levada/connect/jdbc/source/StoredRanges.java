/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** What is stored of the ranges of a table's first load, by the numbers of the ranges. */
final class StoredRanges {

    private final TreeMap<Integer, RangeOffset> offsets;

    private StoredRanges(Map<Integer, RangeOffset> offsets) {
        this.offsets = new TreeMap<>(offsets);
    }

    /** Those of one table, now. Blocks. */
    static StoredRanges of(OffsetStorageReader reader, TableId table) {
        return of(reader, List.of(table)).values().iterator().next();
    }

    /** Asks for those of all tables at once, since that may read a topic to its end. Blocks. */
    static Map<TableId, StoredRanges> of(OffsetStorageReader reader, Collection<TableId> tables) {
        List<Map<String, String>> partitions = new ArrayList<>();
        for (TableId table : tables) {
            for (int i = 0; i < Ranges.MAX; i++) {
                partitions.add(SourcePartition.ofRange(table, i));
            }
        }
        Map<Map<String, String>, Map<String, Object>> stored =
                partitions.isEmpty() ? Map.of() : reader.offsets(partitions);
        Map<TableId, StoredRanges> found = new HashMap<>();
        for (TableId table : tables) {
            Map<Integer, RangeOffset> offsets = new HashMap<>();
            for (int i = 0; i < Ranges.MAX; i++) {
                Map<String, Object> offset = stored.get(SourcePartition.ofRange(table, i));
                if (offset != null) {
                    offsets.put(i, RangeOffset.of(offset));
                }
            }
            found.put(table, new StoredRanges(offsets));
        }
        return found;
    }

    /**
     * The ranges in which the table's first load has been begun; nothing if it has not been, or in another mode. Whatever a connector
     * plans anew, the first ranges that have an offset count: all tasks find the same.
     */
    Optional<Ranges> begun(Mode mode) {
        return offsets.values().stream()
                .map(RangeOffset::ranges)
                .filter(ranges -> ranges.suits(mode))
                .findFirst();
    }

    /** How far a range has been read; null if not at all, or as one of other ranges. */
    @Nullable
    RangeOffset of(Ranges ranges, int index) {
        RangeOffset offset = offsets.get(index);
        return offset != null && offset.ranges().equals(ranges) ? offset : null;
    }
}
