/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import io.levada.connect.jdbc.dialect.Column;
import io.levada.connect.jdbc.dialect.Identifiers;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Which columns of one table, or of the query, are read; found by every spelling that the server takes for them. */
final class ColumnChoice {

    private final Identifiers identifiers;
    private final Set<String> included;
    private final Set<String> excluded;
    private final Set<String> masked;
    private final Set<String> elsewhere;

    /**
     * @param included empty for all
     * @param elsewhere those that may be another table's of the same name
     */
    ColumnChoice(
            Identifiers identifiers,
            Collection<String> included,
            Collection<String> excluded,
            Collection<String> masked,
            Collection<String> elsewhere) {
        this.identifiers = identifiers;
        this.elsewhere = set(elsewhere);
        this.included = set(included);
        this.excluded = set(excluded);
        this.masked = set(masked);
    }

    private Set<String> set(Collection<String> names) {
        Set<String> set = Collections.newSetFromMap(identifiers.columnMap());
        set.addAll(names);
        return set;
    }

    /** True if every column is read. */
    boolean all() {
        return included.isEmpty() && excluded.isEmpty();
    }

    /** True if the column is read. */
    boolean reads(String column) {
        return (included.isEmpty() || included.contains(column)) && !excluded.contains(column);
    }

    /** True if nobody is to see the column's values. */
    boolean masks(String column) {
        return masked.contains(column);
    }

    /**
     * Checks that the columns which are named are there: else one that is to be hidden may be told under another name.
     *
     * @throws OptionFault that names the first that is not
     */
    void checkThat(Object relation, List<Column> has) {
        List<String> names = has.stream().map(Column::name).toList();
        Set<String> there = set(names);
        there.addAll(elsewhere);
        check(ColumnOptions.INCLUDE, included, there, relation, names);
        check(ColumnOptions.EXCLUDE, excluded, there, relation, names);
        check(ColumnOptions.MASK, masked, there, relation, names);
    }

    private static void check(String key, Set<String> named, Set<String> there, Object relation, List<String> columns) {
        for (String name : named) {
            if (!there.contains(name)) {
                throw new OptionFault(
                        key,
                        key + " names " + name + ", which " + relation + " does not have; its columns are " + columns);
            }
        }
    }
}
