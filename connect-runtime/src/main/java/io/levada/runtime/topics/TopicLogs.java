/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import io.levada.runtime.clients.InternalClients;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * All internal topics of a worker over one consumer and one producer: fewer connections and threads than a pair for each,
 * and one read at start-up.
 *
 * <p>Sends go through a thread of their own, because a producer that lacks metadata blocks its caller.
 */
public final class TopicLogs implements StateLogs {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final Map<String, TopicListener> listeners = new LinkedHashMap<>();
    private final ExecutorService writer;
    private final CompletableFuture<TopicReader> reader = new CompletableFuture<>();
    /** Made ahead, while the topics are. */
    private final CompletableFuture<Consumer<byte[], byte[]>> consumer;

    /** Made ahead, used and closed by the writer's thread. */
    private final CompletableFuture<Producer<byte[], byte[]>> producer;

    /** The worker's own. */
    public TopicLogs(InternalClients clients) {
        this(clients.consumer(), clients.producer());
    }

    /** Begins to make consumer and producer; nothing is read before {@link #start}. */
    public TopicLogs(Map<String, Object> consumerSettings, Map<String, Object> producerSettings) {
        this.writer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "levada-topics-writer");
            thread.setDaemon(true);
            return thread;
        });
        this.consumer = CompletableFuture.supplyAsync(() -> new KafkaConsumer<>(consumerSettings), writer);
        this.producer = CompletableFuture.supplyAsync(() -> new KafkaProducer<>(producerSettings), writer);
    }

    @Override
    public TopicLog add(String topic, TopicListener listener) {
        if (listeners.putIfAbsent(topic, listener) != null) {
            throw new ConfigException("Topic " + topic + " is named for two purposes:"
                    + " config.storage.topic, offset.storage.topic and status.storage.topic must differ");
        }
        return new TopicLog() {
            @Override
            public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
                return TopicLogs.this.send(new ProducerRecord<>(topic, key, value));
            }

            @Override
            public CompletionStage<Void> readToEnd() {
                return reader.thenCompose(open -> open.readToEnd(List.of(topic)));
            }

            @Override
            public Optional<String> trouble() {
                return reader.isDone() ? reader.join().trouble() : Optional.empty();
            }
        };
    }

    @Override
    public CompletionStage<Void> start() {
        TopicReader started = new TopicReader(consumer(), listeners);
        started.start();
        reader.complete(started);
        return started.readToEnd(List.copyOf(listeners.keySet()));
    }

    @Override
    public CompletionStage<Throwable> broken() {
        return reader.thenCompose(TopicReader::broken);
    }

    private Consumer<byte[], byte[]> consumer() {
        try {
            return consumer.join();
        } catch (CompletionException e) {
            throw new ConnectException("Cannot make the worker's own consumer: " + e.getCause(), e);
        }
    }

    private CompletionStage<Void> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            writer.execute(() -> sendNow(record, written));
        } catch (RejectedExecutionException e) {
            written.completeExceptionally(new ConnectException("The worker is stopping and writes no more state", e));
        }
        return written;
    }

    private void sendNow(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> written) {
        try {
            var unused = producer.join().send(record, (metadata, refused) -> {
                if (refused == null) {
                    written.complete(null);
                } else {
                    written.completeExceptionally(refused);
                }
            });
        } catch (KafkaException e) {
            written.completeExceptionally(e);
        } catch (CompletionException e) {
            written.completeExceptionally(new ConnectException(
                    "Cannot make the producer of topic " + record.topic() + ": " + e.getCause(), e));
        }
    }

    @Override
    public void close() {
        if (reader.isDone()) {
            reader.join().close();
        } else {
            var unused = consumer.thenAccept(Consumer::close);
        }
        var unusedClosing = producer.thenAcceptAsync(open -> open.close(CLOSE_TIMEOUT), writer);
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_TIMEOUT.toMillis() + 1_000, TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
