/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** The changes that arrived in one place, and how many arrived more than once. Each record, line or object line is the JSON of one. */
final class ArrivedChanges {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final BitSet numbers = new BitSet();
    private long repeated;
    private long strange;
    private long total;

    /** @return whether it is a change; if not, it is counted apart, for anybody may write to the topic */
    boolean add(byte @Nullable [] json) {
        int number = number(json);
        if (number == ChangeNumber.NONE) {
            strange++;
            return false;
        }
        total++;
        if (numbers.get(number)) {
            repeated++;
        }
        numbers.set(number);
        return true;
    }

    private static int number(byte @Nullable [] json) {
        if (json == null) {
            return ChangeNumber.NONE;
        }
        try {
            return ChangeNumber.of(JSON.readTree(json));
        } catch (IOException notJson) {
            return ChangeNumber.NONE;
        }
    }

    /** Changes, each as often as it is there. */
    long total() {
        return total;
    }

    long repeated() {
        return repeated;
    }

    /** What is no change. */
    long strange() {
        return strange;
    }

    /** Those of {@code changes} that are not here. */
    BitSet missing(BitSet changes) {
        BitSet missing = (BitSet) changes.clone();
        missing.andNot(numbers);
        return missing;
    }
}
