/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.simulation.TransactionLedger.Fate;
import io.levada.broker.simulation.TransactionLedger.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the keys of a compacted topic. A key has one writer, so that its records have an order; whoever reads the topic from its beginning to its end must find the
 * last one that was acknowledged by then, or one after it.
 */
final class KeyLedger {
    /** How long a tombstone stays at least. */
    static final long TOMBSTONES_STAY_MS = 700;

    private final Map<String, List<Entry>> byKey = new LinkedHashMap<>();
    private final Map<String, Entry> byText = new HashMap<>();

    /** One record of a key. */
    static final class Entry {
        private final Value value;
        private final int number;
        private final boolean tombstone;
        private final long sentMs;
        private final @Nullable Transaction transaction;
        private boolean acknowledged;

        private Entry(Value value, int number, boolean tombstone, long sentMs, @Nullable Transaction transaction) {
            this.value = value;
            this.number = number;
            this.tombstone = tombstone;
            this.sentMs = sentMs;
            this.transaction = transaction;
        }

        Value value() {
            return value;
        }

        boolean isTombstone() {
            return tombstone;
        }

        void acknowledged() {
            acknowledged = true;
        }

        private boolean isThere() {
            return acknowledged && (transaction == null || transaction.fate() == Fate.COMMITTED);
        }

        private boolean mayBeThere() {
            return transaction == null
                    || transaction.fate() == Fate.COMMITTED
                    || transaction.fate() == Fate.PERHAPS_COMMITTED;
        }
    }

    Entry sent(String key, Value value, boolean tombstone, long nowMs, @Nullable Transaction transaction) {
        List<Entry> entries = byKey.computeIfAbsent(key, each -> new ArrayList<>());
        Entry entry = new Entry(value, entries.size(), tombstone, nowMs, transaction);
        entries.add(entry);
        byText.put(value.text(), entry);
        return entry;
    }

    /** Somebody begins to read the topic from its beginning. */
    Pass begin(long nowMs) {
        Map<String, Entry> last = new LinkedHashMap<>();
        byKey.forEach((key, entries) -> entries.stream().filter(Entry::isThere).forEach(entry -> last.put(key, entry)));
        return new Pass(nowMs, last);
    }

    /** One reading of all of the topic. */
    final class Pass {
        private final long begunMs;
        private final Map<String, Entry> expected;
        private final Map<String, Integer> seen = new HashMap<>();

        private Pass(long begunMs, Map<String, Entry> expected) {
            this.begunMs = begunMs;
            this.expected = expected;
        }

        void saw(String key, String text, boolean hasValue) {
            Entry entry = byText.get(text);
            Violation.unless(
                    entry != null && byKey.getOrDefault(key, List.of()).contains(entry),
                    () -> "'" + text + "' has the key " + key + ", under which nobody sent it");
            Violation.unless(
                    entry != null && entry.tombstone != hasValue,
                    () -> "'" + text + "' has " + (hasValue ? "a" : "no") + " value, it was sent otherwise");
            if (entry != null && entry.mayBeThere()) {
                seen.merge(key, entry.number, Math::max);
            }
        }

        /** All was read that is there by now. */
        void ended(long nowMs) {
            expected.forEach((key, last) -> {
                int found = seen.getOrDefault(key, -1);
                Violation.unless(
                        found >= last.number || mayBeForgotten(key, last.number, found, nowMs),
                        () -> "of the key " + key + " '" + last.value.text() + "'"
                                + (last.tombstone ? ", a tombstone," : "")
                                + " or something later should be there, found was "
                                + (found < 0
                                        ? "nothing"
                                        : "'"
                                                + byKey.getOrDefault(key, List.of())
                                                        .get(found)
                                                        .value
                                                        .text() + "'"));
            });
        }

        /** A tombstone goes after a while, and before it what it stands for; only who reads for that long may see the older one alone. */
        private boolean mayBeForgotten(String key, int last, int found, long nowMs) {
            List<Entry> entries = byKey.getOrDefault(key, List.of());
            boolean isSlow = nowMs - begunMs > TOMBSTONES_STAY_MS;
            return (found < 0 || isSlow)
                    && entries.subList(last, entries.size()).stream()
                            .anyMatch(entry -> entry.tombstone
                                    && entry.mayBeThere()
                                    && entry.sentMs + TOMBSTONES_STAY_MS <= nowMs);
        }
    }
}
