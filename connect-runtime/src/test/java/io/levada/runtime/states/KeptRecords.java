/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/** What outlives a worker: the records of its logs. Used by one thread at a time. */
final class KeptRecords {
    private final Map<String, List<Kept>> topics = new LinkedHashMap<>();

    record Kept(Bytes key, @Nullable Bytes value) {}

    void add(String topic, Kept kept) {
        topics.computeIfAbsent(topic, first -> new ArrayList<>()).add(kept);
    }

    List<Kept> of(String topic) {
        return List.copyOf(topics.getOrDefault(topic, List.of()));
    }

    /** Leaves the last record of each key, and none of a key whose last record is a tombstone. */
    void compact() {
        topics.replaceAll((topic, records) -> {
            Map<Bytes, Kept> last = new LinkedHashMap<>();
            records.forEach(kept -> {
                last.remove(kept.key);
                last.put(kept.key, kept);
            });
            last.values().removeIf(kept -> kept.value == null);
            return new ArrayList<>(last.values());
        });
    }
}
