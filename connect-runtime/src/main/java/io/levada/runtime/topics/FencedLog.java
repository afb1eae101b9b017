/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes a topic that one worker of a group writes at a time, in transactions: whoever claims it fences who claimed it before, so that a
 * leader that does not know yet that it is none any more writes nothing (KIP-618). What is sent at once is in one transaction. A producer that fails
 * is not replaced by itself, as that would fence a leader who has come meanwhile: whoever leads still claims the topic anew.
 *
 * <p>A thread of its own owns the producer.
 */
public final class FencedLog implements TopicLog, AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(FencedLog.class);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

    private final TopicLog topic;
    private final String name;
    private final Function<Map<String, Object>, Producer<byte[], byte[]>> producers;
    private final Map<String, Object> settings;
    private final ConcurrentLinkedQueue<Write> queue = new ConcurrentLinkedQueue<>();
    private final ExecutorService writer;
    private volatile @Nullable Producer<byte[], byte[]> producer;
    /** Whether this worker leads still, as it says itself. */
    private BooleanSupplier leads = () -> false;
    /** Whether it has claimed the topic and not let go of it since; if so, there is a producer. */
    private boolean claimed;
    /** Whether a claim is left to whoever writes next, as it came to nothing for want of an answer. */
    private boolean claimDue;

    private record Write(ProducerRecord<byte[], byte[]> record, CompletableFuture<Void> written) {}

    /**
     * Opens nothing before it is claimed.
     *
     * @param topic by which it is read
     * @param settings of a producer, with the transactional id that all who may claim share
     */
    public FencedLog(TopicLog topic, String name, Map<String, Object> settings) {
        this(topic, name, settings, KafkaProducer::new);
    }

    FencedLog(
            TopicLog topic,
            String name,
            Map<String, Object> settings,
            Function<Map<String, Object>, Producer<byte[], byte[]>> producers) {
        this.topic = topic;
        this.name = name;
        this.settings = Map.copyOf(settings);
        this.producers = producers;
        this.writer = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "levada-config-writer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /**
     * Fences who wrote before, and writes from now on; any thread, does not block. If the brokers do not answer, whoever writes next tries again.
     *
     * @param stillLeads asked before anything is fenced or written: whoever has ceased to lead must not fence who leads now
     * @return completes once it is claimed; fails if it is not, and with a {@link NotClaimedException} if this worker leads no more
     */
    public CompletionStage<Void> claim(BooleanSupplier stillLeads) {
        CompletableFuture<Void> held = new CompletableFuture<>();
        if (!execute(() -> {
            letGo();
            leads = stillLeads;
            claimDue = true;
            try {
                fenceOthers();
                held.complete(null);
            } catch (RuntimeException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", name)
                        .addKeyValue("error", e.toString())
                        .log("the topic cannot be claimed yet; whoever writes tries again");
                held.completeExceptionally(e);
            }
        })) {
            held.completeExceptionally(new ConnectException("The worker is stopping and writes no more"));
        }
        return held;
    }

    /** Writes nothing from now on, until it is claimed anew; any thread, does not block. */
    public void release() {
        boolean unused = execute(this::letGo);
    }

    @Override
    public CompletionStage<Void> send(byte[] key, byte @Nullable [] value) {
        Write write = new Write(new ProducerRecord<>(name, key, value), new CompletableFuture<>());
        queue.add(write);
        if (!execute(this::writeAll)) {
            write.written.completeExceptionally(new ConnectException("The worker is stopping and writes no more"));
        }
        return write.written;
    }

    @Override
    public CompletionStage<Void> readToEnd() {
        return topic.readToEnd();
    }

    private boolean execute(Runnable work) {
        try {
            writer.execute(work);
            return true;
        } catch (RejectedExecutionException e) {
            return false;
        }
    }

    private void writeAll() {
        List<Write> batch = new ArrayList<>();
        for (Write next = queue.poll(); next != null; next = queue.poll()) {
            batch.add(next);
        }
        if (batch.isEmpty()) {
            return; // The one before took all.
        }
        Outcome outcome = inOneTransaction(batch);
        if (outcome.mayBePart(batch) && claimed) {
            // One that is refused takes the others of its transaction with it.
            batch.forEach(write -> tell(List.of(write), inOneTransaction(List.of(write))));
        } else {
            tell(batch, outcome);
        }
    }

    private static void tell(List<Write> batch, Outcome outcome) {
        RuntimeException failure = outcome.failure;
        batch.forEach(write -> {
            if (failure == null) {
                write.written.complete(null);
            } else {
                write.written.completeExceptionally(failure);
            }
        });
    }

    /**
     * What came of a transaction.
     *
     * @param failure why it is not committed, as far as is known; null if it is
     * @param refused whether it certainly is not, because of one of its records
     */
    private record Outcome(@Nullable RuntimeException failure, boolean refused) {
        private static final Outcome DONE = new Outcome(null, false);

        private static Outcome failed(RuntimeException failure) {
            return new Outcome(failure, false);
        }

        private boolean mayBePart(List<Write> batch) {
            return refused && batch.size() > 1;
        }
    }

    private Outcome inOneTransaction(List<Write> batch) {
        AtomicReference<Exception> refused = new AtomicReference<>();
        boolean committing = false;
        try {
            Producer<byte[], byte[]> open = claimedProducer();
            open.beginTransaction();
            for (Write write : batch) {
                Future<RecordMetadata> unused =
                        open.send(write.record, (metadata, why) -> refused.compareAndSet(null, why));
            }
            open.flush();
            if (refused.get() == null) {
                committing = true;
                open.commitTransaction();
                return Outcome.DONE;
            }
            open.abortTransaction();
            return new Outcome(asKafka(refused.get()), true);
        } catch (NotClaimedException e) {
            return Outcome.failed(e);
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            letGo();
            return Outcome.failed(new NotClaimedException(name, e));
        } catch (RuntimeException e) { // Also of a producer that is of no more use.
            if (committing) {
                letGo(); // Nobody knows; whoever claims the topic next ends what this one has begun.
                return Outcome.failed(e);
            }
            return aborted(e, refused.get());
        }
    }

    private static KafkaException asKafka(Exception why) {
        return why instanceof KafkaException known ? known : new KafkaException(why);
    }

    /** What cannot be aborted by this producer is aborted by whoever claims the topic next. */
    private Outcome aborted(RuntimeException failure, @Nullable Exception refused) {
        try {
            Producer<byte[], byte[]> open = producer;
            if (open != null) {
                open.abortTransaction();
            }
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            letGo();
            return Outcome.failed(new NotClaimedException(name, e));
        } catch (RuntimeException e) {
            letGo();
        }
        return refused == null ? Outcome.failed(failure) : new Outcome(asKafka(refused), true);
    }

    private Producer<byte[], byte[]> claimedProducer() {
        if (claimDue) {
            fenceOthers();
        }
        Producer<byte[], byte[]> open = producer;
        if (!claimed || open == null || !leads.getAsBoolean()) {
            throw new NotClaimedException(name, null);
        }
        return open;
    }

    /** The brokers may take long to answer, and another may lead by then: that one is fenced, notices, and claims it anew, if this one lets go of it. */
    private void fenceOthers() {
        if (leads.getAsBoolean()) {
            Producer<byte[], byte[]> made = producers.apply(settings);
            producer = made;
            try {
                made.initTransactions();
            } catch (RuntimeException e) {
                closeProducer();
                throw e;
            }
        }
        claimDue = false;
        claimed = leads.getAsBoolean();
        if (!claimed) {
            letGo();
            throw new NotClaimedException(name, null);
        }
    }

    private void letGo() {
        claimed = false;
        claimDue = false;
        closeProducer();
    }

    private void closeProducer() {
        Producer<byte[], byte[]> open = producer;
        producer = null;
        if (open != null) {
            try {
                open.close(CLOSE_TIMEOUT);
            } catch (RuntimeException e) {
                LOGGER.atDebug().addKeyValue("error", e.toString()).log("the producer did not close cleanly");
            }
        }
    }

    @Override
    public void close() {
        boolean unused = execute(this::closeProducer);
        writer.shutdown();
        try {
            if (!writer.awaitTermination(CLOSE_TIMEOUT.toMillis() + 1_000, TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
                closeProducer(); // What was to do it is not run any more.
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        for (Write left = queue.poll(); left != null; left = queue.poll()) {
            left.written.completeExceptionally(new ConnectException("The worker is stopping and writes no more"));
        }
    }
}
