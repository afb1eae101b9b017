/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.jspecify.annotations.Nullable;

/** A topic whose records come back when the test says so, as they do over a network. Used by one thread. */
public final class HeldBackLog implements TopicLog {
    private final TopicListener listener;
    private final Deque<ConsumerRecord<byte[], byte[]>> underWay = new ArrayDeque<>();
    private final List<Waiting> waiting = new ArrayList<>();
    private Set<String> refused = Set.of();
    private long sent;
    private long heard;

    private record Waiting(long end, CompletableFuture<Void> done) {}

    public HeldBackLog(TopicListener listener) {
        this.listener = listener;
    }

    @Override
    @SuppressWarnings("NullAway") // A tombstone's value is null.
    public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
        if (refused.contains(new String(key, UTF_8))) {
            return CompletableFuture.failedFuture(new TopicAuthorizationException("refused on purpose"));
        }
        underWay.add(new ConsumerRecord<>("internal", 0, sent++, key, value));
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        if (heard == sent) {
            return CompletableFuture.completedFuture(null);
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        waiting.add(new Waiting(sent, done));
        return done;
    }

    /** From now on records with these keys are refused, and no others. */
    public void refuse(String... keys) {
        refused = Set.of(keys);
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
