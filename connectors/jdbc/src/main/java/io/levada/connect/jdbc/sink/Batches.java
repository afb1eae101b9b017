/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Cuts rows into pieces that one statement executes. */
final class Batches {

    private final SinkOptions options;

    Batches(SinkOptions options) {
        this.options = options;
    }

    /** Each table's rows in the order of their records. */
    List<List<Row>> inOrder(List<Row> rows) {
        List<List<Row>> batches = new ArrayList<>();
        for (List<Row> ofTable : byTable(rows)) {
            List<Row> last = List.of();
            Map<Object, Object> keys = new HashMap<>();
            for (Row row : ofTable) {
                Object key = row.key();
                Object alike = keys.putIfAbsent(LooseKey.of(key), key);
                if (last.isEmpty()
                        || last.size() >= options.batchSize()
                        || !last.get(0).target().equals(row.target())
                        || (alike != null && !alike.equals(key))) {
                    last = new ArrayList<>();
                    batches.add(last);
                    keys.clear();
                    keys.put(LooseKey.of(key), key);
                }
                last.add(row);
            }
        }
        return batches;
    }

    /**
     * Each table's rows with the order kept for each key only, and without those that a later one of the same key makes good for
     * nothing: as few and large batches as that allows. Keys that the database may take for one keep their order too.
     */
    List<List<Row>> reduced(List<Row> rows) {
        List<List<Row>> batches = new ArrayList<>();
        for (List<Row> ofTable : byTable(rows)) {
            List<Row> section = new ArrayList<>();
            for (Row row : ofTable) {
                if (row.kind() == Shape.Kind.TRUNCATE) {
                    addReduced(section, batches);
                    batches.add(List.of(row));
                    section = new ArrayList<>();
                } else {
                    section.add(row);
                }
            }
            addReduced(section, batches);
        }
        return batches;
    }

    private static Iterable<List<Row>> byTable(List<Row> rows) {
        Map<TableId, List<Row>> byTable = new LinkedHashMap<>();
        rows.forEach(row ->
                byTable.computeIfAbsent(row.table(), table -> new ArrayList<>()).add(row));
        return byTable.values();
    }

    private void addReduced(List<Row> rows, List<List<Row>> batches) {
        boolean anyKey = rows.stream().anyMatch(row -> row.kind() != Shape.Kind.WRITE);
        if (options.insertMode() == InsertMode.INSERT && !anyKey) {
            addCut(rows, batches);
            return;
        }
        Map<Object, List<Row>> chains = new LinkedHashMap<>();
        for (Row row : rows) {
            List<Row> chain = chains.computeIfAbsent(LooseKey.of(row.key()), key -> new ArrayList<>(1));
            while (!chain.isEmpty() && makesNeedless(row, chain.get(chain.size() - 1))) {
                chain.remove(chain.size() - 1);
            }
            chain.add(row);
        }
        for (int round = 0; !chains.isEmpty(); round++) {
            List<Row> ofRound = new ArrayList<>(chains.size());
            for (List<Row> chain : chains.values()) {
                ofRound.add(chain.get(round));
            }
            // Deletions first: they may make room for others, by a unique constraint that is not the key.
            ofRound.sort(Comparator.comparing(row -> row.kind() == Shape.Kind.DELETE ? 0 : 1));
            addCut(ofRound, batches);
            int done = round + 1;
            chains.values().removeIf(chain -> chain.size() == done);
        }
    }

    /** An INSERT is made also if its row goes later: it may be one too many, which is to be told. */
    private boolean makesNeedless(Row later, Row earlier) {
        return options.insertMode() != InsertMode.INSERT && covers(later, earlier);
    }

    /** True if nothing is left of the earlier change of the same table once the later one is made. */
    boolean covers(Row later, Row earlier) {
        if (later.kind() == Shape.Kind.TRUNCATE) {
            return true;
        }
        return earlier.kind() != Shape.Kind.TRUNCATE
                && later.key().equals(earlier.key())
                && (later.kind() == Shape.Kind.DELETE
                        || later.target().shape().covers(earlier.target().shape()));
    }

    /** By target, of which rows of one call have the same object, then by size. */
    private void addCut(List<Row> rows, List<List<Row>> batches) {
        IdentityHashMap<Target, List<Row>> last = new IdentityHashMap<>();
        for (Row row : rows) {
            List<Row> batch = last.get(row.target());
            if (batch == null || batch.size() >= options.batchSize()) {
                batch = new ArrayList<>();
                batches.add(batch);
                last.put(row.target(), batch);
            }
            batch.add(row);
        }
    }
}
