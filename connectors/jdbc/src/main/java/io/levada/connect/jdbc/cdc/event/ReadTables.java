/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Tables whose rows have all been read, or are all to be, by {@code schema.table}, each with its oid where that was noted: another
 * table may have taken the name since. Immutable.
 */
public final class ReadTables {

    /** No table. */
    public static final ReadTables NONE = new ReadTables(Map.of());

    /** Stands for an oid that was not noted. */
    private static final long ANY = 0;

    private final Map<String, Long> oids;
    private final String names;
    private final String encoded;

    private ReadTables(Map<String, Long> oids) {
        this.oids = new TreeMap<>(oids);
        this.names = this.oids.keySet().stream().map(ReadTables::encoded).collect(Collectors.joining(","));
        this.encoded = this.oids.entrySet().stream()
                .map(each -> encoded(each.getKey()) + (each.getValue() == ANY ? "" : "@" + each.getValue()))
                .collect(Collectors.joining(","));
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
        Map<String, Long> more = new TreeMap<>(oids);
        more.put(table, oid);
        return new ReadTables(more);
    }

    /** These without one. */
    public ReadTables without(String table) {
        Map<String, Long> fewer = new TreeMap<>(oids);
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
        oids.forEach((name, oid) -> {
            Long now = present.get(name);
            if (now != null && (oid == ANY || oid.equals(now))) {
                same.put(name, now);
            }
        });
        return new ReadTables(same);
    }

    /** True for no table. */
    public boolean isEmpty() {
        return oids.isEmpty();
    }

    /** Whether all of those are among these. */
    public boolean hasAll(ReadTables others) {
        return oids.keySet().containsAll(others.oids.keySet());
    }

    /** Whether the table is one of them. */
    public boolean has(String table) {
        return oids.containsKey(table);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReadTables tables && tables.encoded.equals(encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /** Of these, the oids of those that the others tell of, too. */
    ReadTables withOidsOf(ReadTables others) {
        Map<String, Long> known = new TreeMap<>(oids);
        known.replaceAll((name, oid) -> oid == ANY ? others.oids.getOrDefault(name, ANY) : oid);
        return new ReadTables(known);
    }

    /** Names as in {@link #toString}, each with {@code @} and its oid where that is known. */
    String withOids() {
        return encoded;
    }

    /** As it is stored: names, percent-encoded, separated by commas. */
    @Override
    public String toString() {
        return names;
    }
}
