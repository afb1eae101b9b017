/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.states.KeptRecords.Kept;
import io.levada.runtime.topics.StateLogs;
import io.levada.runtime.topics.TopicListener;
import io.levada.runtime.topics.TopicLog;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Logs of one worker over records that outlive it: read by one thread, all that waits for it at once. */
final class KeptLogs implements StateLogs {
    private static final long CLOSE_SECONDS_MAX = 120;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> new Thread(task, "model-logs"));
    private final List<Log> logs = new ArrayList<>();
    private final KeptRecords kept;

    KeptLogs(KeptRecords kept) {
        this.kept = kept;
    }

    @Override
    public TopicLog add(String topic, TopicListener listener) {
        Log log = new Log(topic, listener);
        logs.add(log);
        return log;
    }

    @Override
    public CompletionStage<Void> start() {
        return CompletableFuture.runAsync(() -> logs.forEach(Log::replay), thread);
    }

    @Override
    public CompletionStage<Throwable> broken() {
        return new CompletableFuture<>();
    }

    @Override
    public void close() {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                throw new IllegalStateException("a listener does not come back");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private record Write(Kept kept, CompletableFuture<Void> done) {}

    private final class Log implements TopicLog {
        private final String topic;
        private final TopicListener listener;
        private final Queue<Write> waiting = new ConcurrentLinkedQueue<>();
        private long nextOffset;

        private Log(String topic, TopicListener listener) {
            this.topic = topic;
            this.listener = listener;
        }

        private void replay() {
            kept.of(topic).forEach(this::tell);
            listener.onBatchEnd();
        }

        @Override
        public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
            CompletableFuture<Void> done = new CompletableFuture<>();
            @Nullable Bytes kept = value == null ? null : Bytes.wrap(value);
            waiting.add(new Write(new Kept(Bytes.wrap(key), kept), done));
            try {
                thread.execute(this::deliver);
            } catch (RejectedExecutionException e) {
                done.completeExceptionally(new ConnectException("The logs are closed", e));
            }
            return done;
        }

        private void deliver() {
            List<Write> batch = new ArrayList<>();
            for (Write write = waiting.poll(); write != null; write = waiting.poll()) {
                batch.add(write);
            }
            batch.forEach(write -> kept.add(topic, write.kept));
            batch.forEach(write -> tell(write.kept));
            if (!batch.isEmpty()) {
                listener.onBatchEnd();
            }
            batch.forEach(write -> write.done.complete(null));
        }

        @SuppressWarnings("NullAway") // A tombstone's value is null.
        private void tell(Kept record) {
            Bytes value = record.value();
            listener.onRecord(new ConsumerRecord<>(
                    topic, 0, nextOffset++, record.key().get(), value == null ? null : value.get()));
        }

        @Override
        public CompletionStage<Void> readToEnd() {
            return CompletableFuture.runAsync(() -> {}, thread);
        }
    }
}
