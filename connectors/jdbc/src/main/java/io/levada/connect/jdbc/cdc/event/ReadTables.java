/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/** Tables whose rows have all been read, or are all to be, by {@code schema.table}. Immutable. */
public final class ReadTables {

    /** No table. */
    public static final ReadTables NONE = new ReadTables(Set.of());

    private final Set<String> names;
    private final String encoded;

    private ReadTables(Set<String> names) {
        this.names = new TreeSet<>(names);
        this.encoded = this.names.stream()
                .map(each -> URLEncoder.encode(each, StandardCharsets.UTF_8))
                .collect(Collectors.joining(","));
    }

    /**
     * Reads what {@link #toString} gives.
     *
     * @throws ConnectException if it is something else
     */
    static ReadTables of(String text) {
        Set<String> names = new TreeSet<>();
        try {
            for (String each : text.isEmpty() ? new String[0] : text.split(",")) {
                names.add(URLDecoder.decode(each, StandardCharsets.UTF_8));
            }
        } catch (IllegalArgumentException e) {
            throw new ConnectException(
                    "the stored offset has a list of tables that cannot be read (" + text
                            + "); remove it with PATCH /connectors/{name}/offsets, and no table is read again",
                    e);
        }
        return new ReadTables(names);
    }

    /** These and one more. */
    public ReadTables with(String table) {
        Set<String> more = new TreeSet<>(names);
        more.add(table);
        return new ReadTables(more);
    }

    /** These without one. */
    public ReadTables without(String table) {
        Set<String> fewer = new TreeSet<>(names);
        fewer.remove(table);
        return new ReadTables(fewer);
    }

    /** True for no table. */
    public boolean isEmpty() {
        return names.isEmpty();
    }

    /** Whether all of those are among these. */
    public boolean hasAll(ReadTables others) {
        return names.containsAll(others.names);
    }

    /** Whether the table is one of them. */
    public boolean has(String table) {
        return names.contains(table);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ReadTables tables && tables.encoded.equals(encoded);
    }

    @Override
    public int hashCode() {
        return encoded.hashCode();
    }

    /** As it is stored: names, percent-encoded, separated by commas. */
    @Override
    public String toString() {
        return encoded;
    }
}
