/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.simulation.Fibers.WorkerProcess;
import io.levada.runtime.topics.TopicListener;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** What brokers hold of an internal topic; outlives every process. */
final class KeptTopic {
    private final String name;
    private final Trace trace;
    private final List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    private record Reader(WorkerProcess process, TopicListener listener) {}

    KeptTopic(String name, Trace trace) {
        this.name = name;
        this.trace = trace;
    }

    String name() {
        return name;
    }

    /** A listener hears of all there is, and of all that comes while its process lives. */
    void readBy(WorkerProcess process, TopicListener listener) {
        records.forEach(listener::onRecord);
        listener.onBatchEnd();
        readers.add(new Reader(process, listener));
    }

    @SuppressWarnings("NullAway") // A tombstone's value is null.
    void add(byte[] key, byte @Nullable [] value) {
        trace.note(name + " holds " + text(key, value));
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(name, 0, records.size(), key, value);
        records.add(record);
        readers.removeIf(reader -> reader.process.isDead());
        for (Reader reader : List.copyOf(readers)) {
            reader.listener.onRecord(record);
            reader.listener.onBatchEnd();
        }
    }

    static String text(byte[] key, byte @Nullable [] value) {
        return new String(key, UTF_8) + "=" + (value == null ? "null" : new String(value, UTF_8));
    }
}
