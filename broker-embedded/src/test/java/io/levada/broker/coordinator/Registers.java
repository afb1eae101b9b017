/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.coordinator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.TransactionResult;
import org.apache.kafka.common.utils.Utils;

/** The simplest shard: named values, which a transaction may set. A record whose value is "?" is one that nobody understands. */
final class Registers implements Shard {
    final Map<String, String> values = new TreeMap<>();
    final List<String> events = new ArrayList<>();
    private final Map<String, Map<String, String>> pending = new HashMap<>();

    static SimpleRecord record(String key, String value) {
        return new SimpleRecord(1, key.getBytes(StandardCharsets.UTF_8), value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void replay(LoggedRecord record) {
        String key = Utils.utf8(Objects.requireNonNull(record.key()));
        String value = Utils.utf8(Objects.requireNonNull(record.value()));
        if (value.equals("?")) {
            throw new IllegalArgumentException("not understood");
        }
        if (record.isTransactional()) {
            pending.computeIfAbsent(record.partition() + "/" + record.producerId(), id -> new HashMap<>())
                    .put(key, value);
        } else {
            values.put(key, value);
        }
    }

    @Override
    public void replayMarker(int partition, long producerId, short producerEpoch, TransactionResult result) {
        Map<String, String> ended = pending.remove(partition + "/" + producerId);
        if (ended != null && result == TransactionResult.COMMIT) {
            values.putAll(ended);
        }
    }

    @Override
    public void loaded() {
        events.add("loaded");
    }

    @Override
    public void unloaded(Predicate<String> keys) {
        values.keySet().removeIf(keys);
        events.add("unloaded");
    }
}
