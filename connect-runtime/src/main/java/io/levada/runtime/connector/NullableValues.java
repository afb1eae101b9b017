/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.connector;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Immutable copies of maps whose values may be null, as JSON allows and {@link Map#copyOf} does not; order is kept. */
public final class NullableValues {
    private NullableValues() {}

    /** A copy that nobody can change. */
    public static <K, V extends @Nullable Object> Map<K, V> copyOf(Map<? extends K, ? extends V> map) {
        return Collections.unmodifiableMap(new LinkedHashMap<K, V>(map));
    }
}
