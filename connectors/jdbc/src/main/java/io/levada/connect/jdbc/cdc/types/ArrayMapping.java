/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * An array of one dimension (PostgreSQL manual, 8.15.6).
 *
 * @param separator between elements: a comma, and of boxes a semicolon
 * @param optionalElements whether the schema has room for NULL among the elements
 */
record ArrayMapping(
        PgType type,
        ColumnMapping element,
        char separator,
        boolean optionalElements,
        @Nullable Object unavailable) implements ColumnMapping {

    @Override
    public SchemaBuilder schema() {
        return SchemaBuilder.array(elementSchema(element, optionalElements).build());
    }

    private static SchemaBuilder elementSchema(ColumnMapping element, boolean optional) {
        SchemaBuilder schema = element.schema();
        return optional ? schema.optional() : schema;
    }

    /** With elements of the schema that they have in the array. */
    static ArrayMapping of(
            PgType type,
            ColumnMapping element,
            char separator,
            boolean optionalElements,
            @Nullable Object unavailable) {
        ColumnMapping bound =
                element.withSchema(elementSchema(element, optionalElements).build());
        return new ArrayMapping(type, bound, separator, optionalElements, unavailable);
    }

    @Override
    public boolean outdatedBy(Object value) {
        for (Object each : (List<?>) value) {
            if (each != null && element.outdatedBy(each)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public Object read(byte[] text, int offset, int length) {
        int end = offset + length;
        int open = bodyStart(text, offset, end);
        if (open >= end || text[open] != '{' || text[end - 1] != '}') {
            throw unreadable(text, offset, length);
        }
        List<@Nullable Object> values = new ArrayList<>();
        int from = open + 1;
        // An element, and after each the separator or the closing brace.
        while (from < end - 1 || !values.isEmpty()) {
            boolean quoted = text[from] == '"';
            int elementEnd = quoted ? quoteEnd(text, from, end) : bareEnd(text, from, end);
            if (elementEnd >= end || elementEnd == from) {
                throw unreadable(text, offset, length);
            }
            values.add(quoted ? quoted(text, from + 1, elementEnd - 1) : bare(text, from, elementEnd));
            if (elementEnd == end - 1) {
                break;
            }
            if (text[elementEnd] != separator) {
                throw unreadable(text, offset, length);
            }
            from = elementEnd + 1;
        }
        return values;
    }

    private DataException unreadable(byte[] text, int offset, int length) {
        return Unreadable.value(type.name(), text, offset, length);
    }

    /** Past the bounds of an array that does not begin at 1: {@code [2:3]={a,b}}. */
    private static int bodyStart(byte[] text, int offset, int end) {
        if (offset == end || text[offset] != '[') {
            return offset;
        }
        int i = offset;
        while (i < end && text[i] != '=') {
            i++;
        }
        return i + 1;
    }

    /** One past the closing quote, or end. */
    private static int quoteEnd(byte[] text, int from, int end) {
        for (int i = from + 1; i < end; i++) {
            if (text[i] == '\\') {
                i++;
            } else if (text[i] == '"') {
                return i + 1;
            }
        }
        return end;
    }

    private int bareEnd(byte[] text, int from, int end) {
        if (text[from] == '{') {
            throw new DataException("an array of type " + type.name()
                    + " has several dimensions, which have no form in Connect; leave the column out with"
                    + " column.exclude.list");
        }
        int i = from;
        while (i < end - 1 && text[i] != separator) {
            i++;
        }
        return i;
    }

    private @Nullable Object bare(byte[] text, int from, int end) {
        if (end - from == 4 && text[from] == 'N' && Text.read(text, from, 4).equals("NULL")) {
            if (!optionalElements) {
                throw new DataException("an array of type " + type.name()
                        + " has NULL among its elements, for which its schema has no room; leave the column out with"
                        + " column.exclude.list");
            }
            return null;
        }
        return element.read(text, from, end - from);
    }

    private Object quoted(byte[] text, int from, int end) {
        int backslash = from;
        while (backslash < end && text[backslash] != '\\') {
            backslash++;
        }
        if (backslash == end) {
            return element.read(text, from, end - from);
        }
        byte[] plain = new byte[end - from];
        int size = 0;
        for (int i = from; i < end; i++) {
            if (text[i] == '\\') {
                i++;
            }
            plain[size++] = text[i];
        }
        return element.read(plain, 0, size);
    }
}
