/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Values derived from a key, such as an output schema from an input schema, kept for the keys used last.
 *
 * <p>A batch mostly carries the same schema instance, so that instance is compared by reference before anything is hashed. Not safe for
 * several threads: an instance belongs to one task.
 *
 * @param <K> with a meaningful {@code equals}
 * @param <V> never null
 */
public final class Derived<K, V> {

    private static final int DEFAULT_CAPACITY = 16;

    private final Function<K, V> derivation;
    private final Map<K, V> recent;
    private @Nullable K lastKey;
    private @Nullable V lastValue;

    /** Remembers sixteen keys: more schemas than a task usually has in flight. */
    public Derived(Function<K, V> derivation) {
        this(DEFAULT_CAPACITY, derivation);
    }

    /**
     * @param capacity how many keys to remember, at least 1; beyond it the key used longest ago is forgotten
     * @param derivation must not call this instance
     */
    public Derived(int capacity, Function<K, V> derivation) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity must be at least 1, not " + capacity);
        }
        this.derivation = derivation;
        this.recent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > capacity;
            }
        };
    }

    /** What {@code key} leads to; an exception of the derivation is thrown again at each call, never remembered. */
    @SuppressWarnings("ReferenceEquality") // the point: skip the deep comparison of equal schemas
    public V of(K key) {
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
