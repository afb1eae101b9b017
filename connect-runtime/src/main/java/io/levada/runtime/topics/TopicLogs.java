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
 * All topics of one owner over one consumer and one producer: fewer connections and threads than a pair for each,
 * and one read at start-up.
 *
 * <p>Sends go through a thread of their own, because a producer that lacks metadata blocks its caller. That thread makes the producer and
 * closes it: where nothing is written there is none, and if it cannot be made, whoever writes is told, and the next record tries again.
 */
public final class TopicLogs implements StateLogs {
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final LogOwner owner;
    private final Map<String, TopicListener> listeners = new LinkedHashMap<>();
    private final ExecutorService writer;
    private final CompletableFuture<TopicReader> reader = new CompletableFuture<>();
    /** Made ahead, while the topics are. */
    private final CompletableFuture<Consumer<byte[], byte[]>> consumer;

    private final LogSettings settings;
    /** Made with the first record, by the writer's thread. */
    private volatile @Nullable Producer<byte[], byte[]> producer;
    /** The writer did not end in time. */
    private volatile boolean givenUp;

    /**
     * Settings of the clients.
     *
     * @param consumer of committed records, without a group
     */
    public record LogSettings(Map<String, Object> consumer, Map<String, Object> producer, Map<String, Object> admin) {}

    /** The worker's own, whose producer is made ahead as well: it always writes. */
    public TopicLogs(InternalClients clients) {
        this(LogOwner.worker(), new LogSettings(clients.consumer(), clients.producer(), clients.endsAdmin()));
        writer.execute(this::prepareProducer);
    }

    /** Begins to make the consumer; nothing is read before {@link #start}. */
    public TopicLogs(LogOwner owner, LogSettings settings) {
        this.owner = owner;
        this.settings = settings;
        this.writer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, owner.threads() + "-writer");
            thread.setDaemon(true);
            return thread;
        });
        this.consumer = CompletableFuture.supplyAsync(() -> new KafkaConsumer<>(settings.consumer()), writer);
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
                return reader.isDone() ? reader.join().trouble(topic) : Optional.empty();
            }
        };
    }

    @Override
    public CompletionStage<Void> start() {
        TopicReader started = new TopicReader(owner, consumer(), new AdminLogEnds(settings.admin()), listeners);
        CompletionStage<Void> read = started.start();
        reader.complete(started);
        return read;
    }

    @Override
    public CompletionStage<Throwable> broken() {
        return reader.thenCompose(TopicReader::broken);
    }

    private Consumer<byte[], byte[]> consumer() {
        try {
            return consumer.join();
        } catch (CompletionException e) {
            throw new ConnectException(owner.topics() + " cannot be read: " + e.getCause(), e);
        }
    }

    private CompletionStage<Void> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<Void> written = new CompletableFuture<>();
        try {
            writer.execute(() -> sendNow(record, written));
        } catch (RejectedExecutionException e) {
            written.completeExceptionally(new ConnectException(owner.end() + " and writes no more", e));
        }
        return written;
    }

    private void sendNow(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> written) {
        Producer<byte[], byte[]> open;
        try {
            open = producer();
        } catch (KafkaException e) {
            written.completeExceptionally(
                    new ConnectException("Cannot make the producer of topic " + record.topic() + ": " + e, e));
            return;
        }
        try {
            var unused = open.send(record, (metadata, refused) -> {
                if (refused == null) {
                    written.complete(null);
                } else {
                    written.completeExceptionally(refused);
                }
            });
        } catch (KafkaException | IllegalStateException e) { // the latter once it is closed
            written.completeExceptionally(e);
        }
    }

    private void prepareProducer() {
        try {
            var unused = producer();
        } catch (KafkaException ignored) {
            // Whoever writes is told.
        }
    }

    private Producer<byte[], byte[]> producer() {
        Producer<byte[], byte[]> open = producer;
        if (open == null) {
            open = new KafkaProducer<>(settings.producer());
            producer = open;
            if (givenUp) { // Nobody looks for it any more.
                endSends(open);
            }
        }
        return open;
    }

    private void closeProducer() {
        Producer<byte[], byte[]> open = producer;
        if (open != null) {
            open.close(CLOSE_TIMEOUT);
        }
    }

    @Override
    public void close() {
        if (writer.isShutdown()) {
            return;
        }
        if (reader.isDone()) {
            reader.join().close();
        } else {
            var unused = consumer.thenAccept(Consumer::close);
        }
        writer.execute(this::closeProducer); // after the records that are handed over, and before no more are taken
        writer.shutdown();
        boolean ended = false;
        try {
            ended = writer.awaitTermination(CLOSE_TIMEOUT.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        givenUp = !ended; // before it is looked for: who makes it later closes it
        Producer<byte[], byte[]> open = producer;
        if (!ended && open != null) {
            endSends(open);
        }
    }

    /** The writer waits for the brokers with a record, which ends with the producer; those after it fail at once. */
    private static void endSends(Producer<byte[], byte[]> open) {
        try {
            open.close(Duration.ZERO);
        } catch (KafkaException ignored) {
            // This thread is interrupted; the producer is closed all the same.
        }
    }
}
