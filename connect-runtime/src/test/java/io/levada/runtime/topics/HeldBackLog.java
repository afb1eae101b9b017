/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** A topic whose records come back when the test says so, as they do over a network. Used by one thread. */
public final class HeldBackLog implements TopicLog {
    private final TopicListener listener;
    private final Deque<ConsumerRecord<byte[], byte[]>> underWay = new ArrayDeque<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private long sent;
    private long heard;

    private record Waiting(long end, CompletableFuture<Void> done) {}

    public HeldBackLog(TopicListener listener) {
        this.listener = listener;
    }

    @Override
    @SuppressWarnings("NullAway") // A tombstone's value is null.
    public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
        underWay.add(new ConsumerRecord<>("internal", 0, sent++, key, value));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.add(new Waiting(sent, done));
        return done;
    }

    /** The next record comes back; who waits for it goes on at once. */
    public void bringOne() {
        listener.onRecord(underWay.remove());
        listener.onBatchEnd();
        heard++;
        List<Waiting> served =
                waiting.stream().filter(wait -> wait.end <= heard).toList();
        waiting.removeAll(served);
        served.forEach(wait -> wait.done.complete(null));
    }

    /** All that is under way comes back, and what is sent because of it. */
    public void bringAll() {
        while (!underWay.isEmpty()) {
            bringOne();
        }
    }
}
