/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * The rows that arrived in one place, by their id, and how many arrived more than once. Each record, line or object line is the
 * JSON of a row.
 */
final class ArrivedRows {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Ids are given from 1 on, one a row; what is beyond is no row of the demo's, and would only cost memory here. */
    private static final int ID_MAX = 1 << 28;

    private final BitSet ids = new BitSet();
    private long repeated;
    private long strange;
    private long total;

    /** @return whether it is a row; if not, it is counted apart, for anybody may write to the topic */
    boolean add(byte @Nullable [] json) {
        int id = id(json);
        if (id < 0) {
            strange++;
            return false;
        }
        total++;
        if (ids.get(id)) {
            repeated++;
        }
        ids.set(id);
        return true;
    }

    private static int id(byte @Nullable [] json) {
        if (json == null) {
            return -1;
        }
        try {
            JsonNode id = JSON.readTree(json).path("id");
            return id.canConvertToInt() && id.intValue() <= ID_MAX ? id.intValue() : -1;
        } catch (IOException notJson) {
            return -1;
        }
    }

    /** Rows, each as often as it is there. */
    long total() {
        return total;
    }

    long repeated() {
        return repeated;
    }

    /** What is no row. */
    long strange() {
        return strange;
    }

    /** The ids of {@code rows} that are not here. */
    BitSet missing(BitSet rows) {
        BitSet missing = (BitSet) rows.clone();
        missing.andNot(ids);
        return missing;
    }
}
