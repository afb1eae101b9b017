/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.connect.errors.ConnectException;

/**
 * Writes names into SQL so that no name, however hostile, is read as anything but a name; and reads qualified names that users
 * write, such as {@code public."Order Lines"}.
 *
 * @param quoting ALWAYS keeps upper and lower case apart; NEVER lets the server fold them, takes plain names only, and quotes none but
 *     reserved words, as the server would fold them
 * @param names how the server treats names
 */
public record Identifiers(Quoting quoting, Names names) {

    private static final Pattern PLAIN = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

    /** The name in SQL. */
    public String sql(String name) {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            throw new ConnectException("'" + name + "' cannot be the name of a table or column");
        }
        if (names.isTooLong(name)) {
            throw new ConnectException("the name '" + name + "' is longer than the " + names.lengthMax()
                    + (names.lengthInBytes() ? " bytes" : " characters")
                    + " that this database takes, which would cut it; give it a shorter one");
        }
        if (quoting == Quoting.ALWAYS) {
            return names.quoted(name);
        }
        if (!PLAIN.matcher(name).matches()) {
            throw new ConnectException("the name '" + name + "' needs quotes; set quote.sql.identifiers=always");
        }
        // The server would take it for something else than a name.
        return ReservedWords.has(name) ? names.quoted(stored(name)) : name;
    }

    /** Schema and name in SQL, and before them the database where the server takes it. */
    public String sql(TableId table) {
        if (table.schema() == null) {
            return sql(table.name());
        }
        String catalog = names.reachesCatalogs() && table.catalog() != null ? sql(table.catalog()) + "." : "";
        return catalog + sql(table.schema()) + "." + sql(table.name());
    }

    /** Names in SQL, separated by commas, each followed by {@code suffix}. */
    public String list(Collection<String> names, String suffix) {
        return names.stream().map(name -> sql(name) + suffix).collect(Collectors.joining(", "));
    }

    /** The name as the server stores it. */
    public String stored(String name) {
        return quoting == Quoting.NEVER ? names.folding().fold(name) : name;
    }

    /** The names as the server stores them. */
    public TableId stored(TableId table) {
        return new TableId(
                table.catalog(), table.schema() == null ? null : stored(table.schema()), stored(table.name()));
    }

    /** An empty map from {@link #stored} names of columns, which finds a column by every spelling that the server takes for it. */
    public <T> Map<String, T> columnMap() {
        return names.columnsIgnoreCase() ? new TreeMap<>(String.CASE_INSENSITIVE_ORDER) : new LinkedHashMap<>();
    }

    /**
     * Reads {@code name}, {@code schema.name} or {@code catalog.schema.name}; parts may be in double quotes.
     *
     * @throws ConnectException if it has more parts, an empty one, or an open quote
     */
    public TableId table(String text) {
        List<String> parts = parts(text);
        int last = parts.size() - 1;
        if (last > 2 || parts.stream().anyMatch(String::isEmpty)) {
            throw new ConnectException("'" + text + "' is not the name of a table: give name, schema.name or"
                    + " catalog.schema.name, and put a part that holds a dot in double quotes");
        }
        return new TableId(last == 2 ? parts.get(0) : null, last >= 1 ? parts.get(last - 1) : null, parts.get(last));
    }

    private List<String> parts(String text) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        boolean everQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '"') {
                part.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
                everQuoted = true;
            } else if (c == '.' && !quoted) {
                parts.add(everQuoted ? part.toString() : stored(part.toString()));
                part.setLength(0);
                everQuoted = false;
            } else {
                part.append(c);
            }
        }
        if (quoted) {
            throw new ConnectException("the name '" + text + "' has an open double quote");
        }
        parts.add(everQuoted ? part.toString() : stored(part.toString()));
        return parts;
    }
}
