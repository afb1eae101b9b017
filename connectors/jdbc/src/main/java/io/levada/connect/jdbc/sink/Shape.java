/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What changes of one form have in common: those of the same shape are executed by the same statement.
 *
 * @param keys the fields of the primary key
 * @param others all other fields that are written; empty for a deletion
 */
record Shape(TableId table, Kind kind, List<FieldShape> keys, List<FieldShape> others) {

    /** What becomes of the row. */
    enum Kind {
        /** As {@code insert.mode} says. */
        WRITE,
        /** A row that must be there gets some of its columns. */
        PATCH,
        DELETE,
        /** All rows go. */
        TRUNCATE
    }

    Shape {
        keys = List.copyOf(keys);
        others = List.copyOf(others);
    }

    /** True if rows go and none comes. */
    boolean removes() {
        return kind == Kind.DELETE || kind == Kind.TRUNCATE;
    }

    /** Keys, then the others: the order of a change's values. */
    List<FieldShape> fields() {
        return Stream.concat(keys.stream(), others.stream()).toList();
    }

    List<String> names() {
        return fields().stream().map(FieldShape::name).toList();
    }

    /** The same with fewer of the other fields. */
    Shape keeping(Kind newKind, Predicate<FieldShape> kept) {
        return new Shape(table, newKind, keys, others.stream().filter(kept).toList());
    }

    /** True if a row written by this shape has no column left from one written by {@code earlier}. */
    boolean covers(Shape earlier) {
        if (equals(earlier)) {
            return true;
        }
        Set<String> names = new HashSet<>(names());
        return kind == Kind.WRITE && earlier.kind != Kind.DELETE && names.containsAll(new ArrayList<>(earlier.names()));
    }
}
