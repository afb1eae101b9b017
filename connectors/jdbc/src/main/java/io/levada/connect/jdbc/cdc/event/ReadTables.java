/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * Tables whose rows have all been read, or are all to be, by {@code schema.table}, each with its oid where that was noted: another
 * table may have taken the name since. Immutable. Each record of a first reading may have one more than the last, and there may be
 * thousands: so one more is noted beside those that there were, and all are gathered when somebody asks for them.
 */
public final class ReadTables {

    /** No table. */
    public static final ReadTables NONE = new ReadTables(Map.of());

    /** Stands for an oid that was not noted. */
    private static final long ANY = 0;

    private volatile Content content;

    /** Both say the same, whichever a thread sees. */
    private sealed interface Content permits All, More {}

    private record More(ReadTables before, String table, long oid) implements Content {}

    private static final class All implements Content {
        private final Map<String, Long> oids;
        private volatile @Nullable String names;
        private volatile @Nullable String encoded;

        All(Map<String, Long> oids) {
            this.oids = oids;
        }

        String names() {
            String known = names;
            if (known == null) {
                known = oids.keySet().stream().map(ReadTables::encoded).collect(Collectors.joining(","));
                names = known;
            }
            return known;
        }

        String encoded() {
            String known = encoded;
            if (known == null) {
                known = oids.entrySet().stream()
                        .map(each -> ReadTables.encoded(each.getKey())
                                + (each.getValue() == ANY ? "" : "@" + each.getValue()))
                        .collect(Collectors.joining(","));
                encoded = known;
            }
            return known;
        }
    }

    private ReadTables(Map<String, Long> oids) {
        this.content = new All(new TreeMap<>(oids));
    }

    private ReadTables(ReadTables before, String table, long oid) {
        this.content = new More(before, table, oid);
    }

    /** Gathered, which lets those before go. */
    private All all() {
        Deque<More> added = new ArrayDeque<>();
        Content known = content;
        while (known instanceof More more) {
            added.push(more);
            known = more.before().content;
        }
        All all = (All) known;
        if (!added.isEmpty()) {
            Map<String, Long> oids = new TreeMap<>(all.oids);
            added.forEach(each -> oids.put(each.table(), each.oid()));
            all = new All(oids);
            content = all;
        }
        return all;
    }

    private static String encoded(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    /**
     * Reads what {@link #toString} gives, or {@link #withOids}.
     *
     * @throws ConnectException if it is something else
     */
    static ReadTables of(String text) {
        Map<String, Long> oids = new TreeMap<>();
        try {
            for (String each : text.isEmpty() ? new String[0] : text.split(",")) {
                int at = each.indexOf('@'); // one of a name is encoded
                String name = at < 0 ? each : each.substring(0, at);
                oids.put(
                        URLDecoder.decode(name, StandardCharsets.UTF_8),
                        at < 0 ? ANY : Long.parseLong(each.substring(at + 1)));
            }
        } catch (IllegalArgumentException e) {
            throw new ConnectException(
                    "the stored offset has a list of tables that cannot be read (" + text
                            + "); remove it with PATCH /connectors/{name}/offsets, and no table is read again",
                    e);
        }
        return new ReadTables(oids);
    }

    /** These and one more, whichever has the name. */
    public ReadTables with(String table) {
        return with(table, ANY);
    }

    /** These and one more. */
    public ReadTables with(String table, long oid) {
        return new ReadTables(this, table, oid);
    }

    /** These without one. */
    public ReadTables without(String table) {
        if (!has(table)) {
            return this;
        }
        Map<String, Long> fewer = new TreeMap<>(all().oids);
        fewer.remove(table);
        return new ReadTables(fewer);
    }

    /**
     * Of these, those that are still the same tables, all with their oids from now on.
     *
     * @param present oids by name
     */
    public ReadTables among(Map<String, Long> present) {
        Map<String, Long> same = new TreeMap<>();
        all().oids.forEach((name, oid) -> {
            Long now = present.get(name);
            if (now != null && (oid == ANY || oid.equals(now))) {
                same.put(name, now);
            }
        });
        return new ReadTables(same);
    }

    /** True for no table. */
    public boolean isEmpty() {
        return content instanceof All all && all.oids.isEmpty();
    }

    /** Whether all of those are among these. */
    public boolean hasAll(ReadTables others) {
        return others.isEmpty()
                || all().oids.keySet().containsAll(others.all().oids.keySet());
    }

    /** Whether the table is one of them. */
    public boolean has(String table) {
        return all().oids.containsKey(table);
    }

    @Override
    public boolean equals(Object other) {
        return other == this
                || (other instanceof ReadTables tables && tables.all().oids.equals(all().oids));
    }

    @Override
    public int hashCode() {
        return all().oids.hashCode();
    }

    /** Of these, the oids of those that the others tell of, too. */
    ReadTables withOidsOf(ReadTables others) {
        Map<String, Long> theirs = others.all().oids;
        Map<String, Long> known = new TreeMap<>(all().oids);
        known.replaceAll((name, oid) -> oid == ANY ? theirs.getOrDefault(name, ANY) : oid);
        return new ReadTables(known);
    }

    /** Names as in {@link #toString}, each with {@code @} and its oid where that is known. */
    String withOids() {
        return all().encoded();
    }

    /** As it is stored: names, percent-encoded, separated by commas. */
    @Override
    public String toString() {
        return all().names();
    }
}
