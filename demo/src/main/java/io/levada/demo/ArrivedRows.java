/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.BitSet;

/**
 * The rows that arrived in one place, by their id, and how many arrived more than once. Each record, line or object line is the
 * JSON of a row.
 */
final class ArrivedRows {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BitSet ids = new BitSet();
    private long repeated;
    private long total;

    void add(byte[] json) throws IOException {
        add(JSON.readTree(json));
    }

    void add(String json) throws IOException {
        add(JSON.readTree(json));
    }

    private void add(JsonNode row) throws IOException {
        JsonNode id = row.path("id");
        if (!id.canConvertToInt()) {
            throw new IOException("a row without an id arrived: " + row);
        }
        total++;
        if (ids.get(id.intValue())) {
            repeated++;
        }
        ids.set(id.intValue());
    }

    long total() {
        return total;
    }

    long repeated() {
        return repeated;
    }

    /** The ids of {@code rows} that are not here. */
    BitSet missing(BitSet rows) {
        BitSet missing = (BitSet) rows.clone();
        missing.andNot(ids);
        return missing;
    }
}
