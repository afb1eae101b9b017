/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.offsets.ConnectorOffsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Offsets whose writes are noted, and answered as the test says; at once if it says nothing. */
final class NotedOffsets implements ConnectorOffsets {
    /** What the next writes come to. */
    final Deque<CompletableFuture<Void>> answers = new ArrayDeque<>();

    /** What the next write throws. */
    @Nullable
    RuntimeException fails;

    /** Whether it was told that no more is to be written. */
    volatile boolean ended;

    private final Consumer<String> notes;

    /** @param notes is told of each write, of all its partitions in their order */
    NotedOffsets(Consumer<String> notes) {
        this.notes = notes;
    }

    @Override
    public CompletionStage<Void> write(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        RuntimeException failure = fails;
        if (failure != null) {
            fails = null;
            throw failure;
        }
        Map<String, String> sorted = new TreeMap<>();
        offsets.forEach((partition, offset) -> sorted.put(String.valueOf(partition), String.valueOf(offset)));
        notes.accept("wrote " + sorted);
        CompletableFuture<Void> answer = answers.poll();
        return answer == null ? CompletableFuture.completedFuture(null) : answer;
    }

    @Override
    public @Nullable Map<String, @Nullable Object> offset(@Nullable Map<String, ?> partition) {
        throw new UnsupportedOperationException("nobody reads here");
    }

    @Override
    public Map<Map<String, @Nullable Object>, Map<String, @Nullable Object>> offsets() {
        throw new UnsupportedOperationException("nobody reads here");
    }

    @Override
    public String topic() {
        return "offsets";
    }

    @Override
    public List<ProducerRecord<byte[], byte[]>> records(
            Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        throw new UnsupportedOperationException("no transactions here");
    }

    @Override
    public void committed(Map<? extends @Nullable Map<String, ?>, ? extends @Nullable Map<String, ?>> offsets) {
        throw new UnsupportedOperationException("no transactions here");
    }

    @Override
    public void endWrites() {
        ended = true;
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}
