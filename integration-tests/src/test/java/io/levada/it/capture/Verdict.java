/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.capture;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.it.capture.Noted.Change;
import io.levada.it.capture.Told.End;
import io.levada.it.capture.Told.Event;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;

/** Holds what the topics tell against what the database noted. */
final class Verdict {

    private static final String PLACEHOLDER = "__debezium_unavailable_value";

    private final Noted noted;
    private final Told told;
    private final boolean exactlyOnce;

    Verdict(Noted noted, Told told, boolean exactlyOnce) {
        this.noted = noted;
        this.told = told;
        this.exactlyOnce = exactlyOnce;
    }

    /** @param since changes noted with a greater number were made when the slot was there: none may be missing */
    void require(long since) {
        noted.rows().keySet().forEach(table -> requireChanges(table, since));
        noted.rows().forEach(this::requireRows);
        if (exactlyOnce) {
            requireTransactions();
            requireBalance();
        }
    }

    long changes() {
        return told.events().values().stream()
                .mapToLong(events ->
                        events.stream().filter(event -> !event.isRead()).count())
                .sum();
    }

    long reads() {
        return told.events().values().stream()
                .mapToLong(events -> events.stream().filter(Event::isRead).count())
                .sum();
    }

    private List<Event> events(String table) {
        return told.events().getOrDefault(table, List.of());
    }

    /** Of each key what was noted, in that order and once, except for what the first snapshot had already. */
    private void requireChanges(String table, long since) {
        Map<String, List<String>> words = new HashMap<>();
        for (Event event : events(table)) {
            if (!event.isRead()) {
                words.computeIfAbsent(event.id(), each -> new ArrayList<>())
                        .add(Change.word(event.op(), event.xid(), event.after()));
            }
        }
        Map<String, List<Change>> changes = noted.changes().getOrDefault(table, Map.of());
        assertThat(changes.keySet()).as("keys of %s", table).containsAll(words.keySet());
        changes.forEach((id, expected) -> {
            List<String> actual = words.getOrDefault(id, List.of());
            List<String> all = expected.stream().map(Change::word).toList();
            if (!exactlyOnce) { // what comes again comes in its order, too, which the rows at the end show
                actual = List.copyOf(new LinkedHashSet<>(actual));
                all = List.copyOf(new LinkedHashSet<>(all));
            }
            assertThat(all).as("key %s of %s", id, table).endsWith(actual.toArray(String[]::new));
            int before = all.size() - actual.size();
            assertThat(expected.stream()
                            .filter(change -> change.seq() > since)
                            .map(Change::word)
                            .filter(all.subList(0, before)::contains))
                    .as("missing of key %s of %s", id, table)
                    .isEmpty();
        });
        requireImages(table, changes);
    }

    /** Columns and values as they were at the change, also where columns have changed since. */
    private void requireImages(String table, Map<String, List<Change>> changes) {
        Map<String, JsonNode> byVersion = new HashMap<>();
        changes.values().stream().flatMap(List::stream).forEach(change -> {
            JsonNode row = change.row();
            if (row != null) {
                byVersion.put(row.path("v").asText(), row);
            }
        });
        for (Event event : events(table)) {
            JsonNode after = event.after();
            if (after != null && !event.isRead()) {
                JsonNode row = byVersion.get(after.path("v").asText());
                assertThat(fields(after, after))
                        .as("%s of key %s of %s", event.op(), event.id(), table)
                        .isEqualTo(row == null ? null : fields(row, after));
                assertThat(table.equals("whole") && has(after, PLACEHOLDER))
                        .as("a placeholder where the log has whole rows: %s", event)
                        .isFalse();
            }
        }
    }

    private static boolean has(JsonNode row, String text) {
        for (JsonNode value : row) {
            if (value.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    /** Each field as text; the placeholder where {@code beside} has it. */
    private static Map<String, String> fields(JsonNode row, JsonNode beside) {
        Map<String, String> fields = new HashMap<>();
        row.properties().forEach(field -> {
            boolean untold = beside.path(field.getKey()).asText().equals(PLACEHOLDER);
            fields.put(field.getKey(), untold ? PLACEHOLDER : field.getValue().asText());
        });
        return fields;
    }

    /** The topic replayed is the table. */
    private void requireRows(String table, Map<String, JsonNode> rows) {
        Map<String, Map<String, String>> replayed = new HashMap<>();
        events(table).forEach(event -> apply(replayed, event));
        Set<String> missing = new TreeSet<>(rows.keySet());
        missing.removeAll(replayed.keySet());
        assertThat(missing).as("missing keys of %s at the end", table).isEmpty();
        Set<String> deleted = new TreeSet<>(replayed.keySet());
        deleted.removeAll(rows.keySet());
        assertThat(deleted)
                .as("deleted keys of %s that are told at the end", table)
                .isEmpty();
        rows.forEach((id, row) -> {
            Map<String, String> fields = replayed.getOrDefault(id, Map.of());
            row.properties().forEach(field -> {
                String value = fields.get(field.getKey());
                // A column that came later is in no event of the row; a large value is in none after a change of the
                // key.
                if (value != null && !value.equals(PLACEHOLDER)) {
                    assertThat(value)
                            .as("%s of key %s of %s at the end", field.getKey(), id, table)
                            .isEqualTo(field.getValue().asText());
                }
            });
            assertThat(fields).as("key %s of %s", id, table).containsKeys("id", "amount", "v", "note");
        });
    }

    private static void apply(Map<String, Map<String, String>> rows, Event event) {
        JsonNode after = event.after();
        if (event.op().equals("t")) {
            rows.clear();
        } else if (after == null) {
            rows.remove(event.id());
        } else {
            Map<String, String> row = fields(after, after);
            Map<String, String> before = rows.getOrDefault(event.id(), Map.of());
            row.replaceAll(
                    (field, value) -> value.equals(PLACEHOLDER) ? before.getOrDefault(field, PLACEHOLDER) : value);
            rows.put(event.id(), row);
        }
    }

    /** Each transaction is told once, begun and ended, with as many events as it says. */
    private void requireTransactions() {
        assertThat(told.begins()).as("beginnings").doesNotHaveDuplicates();
        assertThat(told.ends().stream().map(End::xid)).as("ends").containsExactlyElementsOf(told.begins());
        assertThat(told.ends().stream().map(End::lsn))
                .as("in the order of commits")
                .isSorted();
        Map<Long, List<Event>> events = byTransaction();
        for (End end : told.ends()) {
            assertThat(events.getOrDefault(end.xid(), List.of()).stream().map(Event::order))
                    .as("events of transaction %d", end.xid())
                    .containsExactlyElementsOf(
                            LongStream.rangeClosed(1, end.events()).boxed().toList());
        }
    }

    private Map<Long, List<Event>> byTransaction() {
        Map<Long, List<Event>> events = new LinkedHashMap<>();
        told.events()
                .values()
                .forEach(each -> each.stream()
                        .filter(event -> !event.isRead())
                        .forEach(event -> events.computeIfAbsent(event.xid(), xid -> new ArrayList<>())
                                .add(event)));
        events.values().forEach(each -> each.sort(Comparator.comparingLong(Event::order)));
        return events;
    }

    /**
     * As soon as all rows are known, the state after each transaction is one that the database had: the amounts of all accounts come to
     * nothing.
     */
    private void requireBalance() {
        long known = allKnown();
        Deque<Event> reads = new ArrayDeque<>(told.events().values().stream()
                .flatMap(List::stream)
                .filter(Event::isRead)
                .sorted(Comparator.comparingLong(Event::lsn))
                .toList());
        Map<Long, List<Event>> events = byTransaction();
        Map<String, Map<String, Map<String, String>>> tables = new HashMap<>();
        for (End end : told.ends()) {
            while (!reads.isEmpty() && reads.getFirst().lsn() < end.lsn()) {
                applyTo(tables, reads.removeFirst());
            }
            events.getOrDefault(end.xid(), List.of()).forEach(event -> applyTo(tables, event));
            if (reads.isEmpty() && end.lsn() >= known) {
                assertThat(sum(tables))
                        .as("amounts after transaction %d", end.xid())
                        .isZero();
            }
        }
        reads.forEach(event -> applyTo(tables, event));
        assertThat(sum(tables)).as("amounts at the end").isZero();
    }

    /** Where the last of those rows is told that are not read, since they were changed before reading came to them. */
    private long allKnown() {
        Set<Long> changedFirst = new HashSet<>();
        for (List<Event> events : told.events().values()) {
            Set<String> keys = new HashSet<>();
            for (Event event : events) {
                if (keys.add(event.id()) && !event.isRead() && !event.op().equals("c")) {
                    changedFirst.add(event.xid());
                }
            }
        }
        return told.ends().stream()
                .filter(end -> changedFirst.contains(end.xid()))
                .mapToLong(End::lsn)
                .max()
                .orElse(0);
    }

    private static void applyTo(Map<String, Map<String, Map<String, String>>> tables, Event event) {
        apply(tables.computeIfAbsent(event.table(), each -> new HashMap<>()), event);
    }

    private static long sum(Map<String, Map<String, Map<String, String>>> tables) {
        return tables.values().stream()
                .flatMap(rows -> rows.values().stream())
                .mapToLong(row -> Long.parseLong(row.getOrDefault("amount", "0")))
                .sum();
    }
}
