/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was made for the forms of one topic's or table's records that were met last. */
final class LastUsed<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    /** More than there are at a time; where each record has names of its own, all is made anew. */
    private static final int ENTRIES_MAX = 64;

    LastUsed() {
        super(16, 0.75f, true);
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > ENTRIES_MAX;
    }
}
