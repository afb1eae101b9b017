/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.harness;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/**
 * The source offsets of a connector, in memory. Values come back as a worker gives them back: its JSON store keeps no
 * difference between an int and a long, so every whole number is read as a {@link Long}.
 */
public final class MemoryOffsets implements OffsetStorageReader {
    private final Map<Map<String, ?>, Map<String, Object>> offsets = new ConcurrentHashMap<>();

    /** Stores {@code offset} for {@code partition}; null forgets the partition, as a tombstone does. */
    public void put(Map<String, ?> partition, @Nullable Map<String, ?> offset) {
        if (offset == null) {
            offsets.remove(asStored(partition));
        } else {
            offsets.put(asStored(partition), asStored(offset));
        }
    }

    /** Every partition with its offset, at this moment. */
    public Map<Map<String, ?>, Map<String, Object>> all() {
        return Map.copyOf(offsets);
    }

    @Override
    public <T> @Nullable Map<String, Object> offset(Map<String, T> partition) {
        return offsets.get(asStored(partition));
    }

    @Override
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(Collection<Map<String, T>> partitions) {
        Map<Map<String, T>, Map<String, Object>> found = new LinkedHashMap<>();
        for (Map<String, T> partition : partitions) {
            Map<String, Object> offset = offset(partition);
            if (offset != null) {
                found.put(partition, offset);
            }
        }
        return found;
    }

    private static Map<String, Object> asStored(Map<String, ?> given) {
        Map<String, Object> stored = new LinkedHashMap<>();
        given.forEach((key, value) -> stored.put(key, asStored(value)));
        return stored;
    }

    private static @Nullable Object asStored(@Nullable Object value) {
        if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        return value;
    }
}
