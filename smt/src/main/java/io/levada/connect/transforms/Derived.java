/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values derived from a key, such as an output schema from an input schema, kept for the sixteen keys used last.
 *
 * <p>A batch mostly carries the same schema instance, so that instance is compared by reference before anything is hashed.
 */
final class Derived<K, V> {

    static final int CAPACITY = 16;

    private final Function<K, V> derivation;
    private final Map<K, V> recent = new LinkedHashMap<>(CAPACITY * 2, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
            return size() > CAPACITY;
        }
    };

    private @Nullable K lastKey;
    private @Nullable V lastValue;

    Derived(Function<K, V> derivation) {
        this.derivation = derivation;
    }

    /** What {@code key} leads to; an exception of the derivation is thrown again at each call, never remembered. */
    @SuppressWarnings("ReferenceEquality") // the point: skip the deep comparison of equal schemas
    V of(K key) {
        V last = lastValue;
        if (last != null && key == lastKey) {
            return last;
        }
        V value = recent.computeIfAbsent(key, derivation);
        lastKey = key;
        lastValue = value;
        return value;
    }
}
