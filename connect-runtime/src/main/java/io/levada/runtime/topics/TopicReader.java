/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import io.levada.runtime.threads.StrayInterrupts;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread that reads internal topics. What the brokers or the network refuse is tried again for as long as it
 * lasts, and told by {@link #trouble} meanwhile; a listener that throws has lost its state, which ends the reading for
 * good and is told by {@link #broken}. Requests to read to the end come from any thread through a guarded queue;
 * the consumer belongs to this thread alone.
 *
 * <p>The consumer sees committed records only, and none that comes after one of an open transaction in its partition, although it may be
 * committed long since. Whoever asks to read to the end therefore waits until the transactions that are open by then have ended.
 */
final class TopicReader implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicReader.class);
    private static final Duration POLL_MAX = Duration.ofSeconds(30);
    private static final Duration RETRY_DELAY = Duration.ofSeconds(1);
    /** While there is trouble, or may be: a poll returns only when its time is over or there is something new, and until then the trouble is told. */
    private static final Duration POLL_SHORT = Duration.ofSeconds(1);

    private static final Duration RETRY_DELAY_MAX = Duration.ofSeconds(5);
    /** Failures in a row that may pass by themselves and need not bother anybody yet. */
    private static final int QUIET_FAILURES = 3;

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
    private static final String WORK = "the reading of internal topics";

    private final LogOwner owner;
    private final Consumer<byte[], byte[]> consumer;
    private final LogEnds ends;
    private final Map<String, TopicListener> listeners;
    private final Thread thread;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Queue<Request> requests = new ArrayDeque<>();
    private final List<Pending> pending = new ArrayList<>();
    /** The read that {@link #start} promises. */
    private final CompletableFuture<Void> first = new CompletableFuture<>();

    /** Whether the end of the first read is known; the thread itself. */
    private boolean begun;

    /** The question of where the topics end, as long as it is not answered; the thread itself. */
    private @Nullable Asked asked;

    private final CompletableFuture<Throwable> broken = new CompletableFuture<>();
    private volatile @Nullable String trouble;
    /** Failures in a row; the thread itself. */
    private int failures;

    private record Request(List<String> topics, CompletableFuture<Void> done) {}

    private record Asked(List<Request> requests, CompletableFuture<Map<TopicPartition, Long>> ends) {}

    /** Topics of which records are waited for that an open transaction holds back, and what there is to tell of each. Written by the thread. */
    private volatile SortedMap<String, String> heldUp = Collections.emptySortedMap();

    private record Pending(Map<TopicPartition, Long> ends, CompletableFuture<Void> done, long sinceNanos) {}

    /** @param ends closed with this */
    TopicReader(LogOwner owner, Consumer<byte[], byte[]> consumer, LogEnds ends, Map<String, TopicListener> listeners) {
        this.owner = owner;
        this.consumer = consumer;
        this.ends = ends;
        this.listeners = Map.copyOf(listeners);
        this.thread = new Thread(this::run, owner.threads());
        this.thread.setDaemon(true);
    }

    /**
     * Begins.
     *
     * @return completes once all that is committed now is read. It waits for no open transaction: one that a killed worker has left is ended
     *     by its tasks when they begin again, which they do not before this.
     */
    CompletionStage<Void> start() {
        thread.start();
        return first;
    }

    /** Completes once all that is in the topics now is read, and what is open there has been committed or aborted. */
    CompletionStage<Void> readToEnd(List<String> topics) {
        Request request = new Request(topics, new CompletableFuture<>());
        synchronized (requests) {
            if (closing.getCount() == 0) {
                request.done.completeExceptionally(closed());
                return request.done;
            }
            requests.add(request);
        }
        consumer.wakeup();
        return request.done;
    }

    /** Why a topic cannot be read just now; empty while it can. */
    Optional<String> trouble(String topic) {
        String known = trouble;
        return Optional.ofNullable(known == null ? heldUp.get(topic) : known);
    }

    /** Completes with what went wrong if the reading has ended although nobody closed it. */
    CompletionStage<Throwable> broken() {
        return broken;
    }

    private void run() {
        try {
            assignAll();
            while (closing.getCount() > 0) {
                step();
            }
        } catch (Throwable e) {
            if (closing.getCount() > 0) {
                LOGGER.atError()
                        .addKeyValue("topics", listeners.keySet())
                        .addKeyValue("remedy", owner.remedy())
                        .setCause(e)
                        .log("internal topics can no longer be read");
                trouble = owner.topics() + " can no longer be read; " + owner.remedy() + ": " + e;
                broken.complete(e);
            }
        } finally {
            end();
        }
    }

    private void assignAll() {
        List<TopicPartition> partitions = new ArrayList<>();
        for (String topic : listeners.keySet()) {
            for (PartitionInfo partition : partitionsOf(topic)) {
                partitions.add(new TopicPartition(topic, partition.partition()));
            }
        }
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
    }

    private List<PartitionInfo> partitionsOf(String topic) {
        while (closing.getCount() > 0) {
            try {
                List<PartitionInfo> partitions = consumer.partitionsFor(topic);
                if (partitions != null && !partitions.isEmpty()) {
                    return partitions;
                }
            } catch (WakeupException ignored) {
                continue; // Somebody asked to read to the end, which is what we are about to do.
            } catch (InterruptException e) {
                StrayInterrupts.ignore(WORK);
                continue;
            } catch (org.apache.kafka.common.errors.RetriableException e) {
                LOGGER.atWarn()
                        .addKeyValue("topic", topic)
                        .addKeyValue("error", e.getMessage())
                        .log("internal topic not found yet");
            }
            boolean unused = StrayInterrupts.await(closing, RETRY_DELAY.dividedBy(10), WORK);
        }
        return List.of();
    }

    private void step() {
        try {
            takeRequests();
            dispatch(consumer.poll(trouble == null && pending.isEmpty() ? POLL_MAX : POLL_SHORT));
            answer();
            lookForTransactions();
            if (asked == null) { // A question without an answer may be trouble as well.
                failures = 0;
                trouble = null;
            }
        } catch (WakeupException ignored) {
            // A new request, the answer to a question, or the end.
        } catch (InterruptException e) {
            StrayInterrupts.ignore(WORK);
        } catch (KafkaException e) {
            await(e);
        }
    }

    /** Waits longer each time; logs the first of a row and then ever more seldom. */
    private void await(KafkaException refused) {
        failures++;
        boolean mayPass = refused instanceof org.apache.kafka.common.errors.RetriableException;
        if (!mayPass || failures > QUIET_FAILURES) {
            trouble = owner.topics() + " cannot be read, so nothing that is asked for happens: " + refused;
        }
        if (Integer.bitCount(failures) == 1) {
            LOGGER.atWarn()
                    .addKeyValue("topics", listeners.keySet())
                    .addKeyValue("error", refused.toString())
                    .addKeyValue("times", failures)
                    .log("internal topics cannot be read, trying again");
        }
        long delayMs = Math.min(RETRY_DELAY_MAX.toMillis(), RETRY_DELAY.toMillis() << Math.min(failures - 1, 10));
        boolean unused = StrayInterrupts.await(closing, Duration.ofMillis(delayMs), WORK);
    }

    private void takeRequests() {
        if (!begun) {
            pending.add(new Pending(consumer.endOffsets(consumer.assignment()), first, System.nanoTime()));
            begun = true;
        }
        if (asked == null) {
            ask();
        }
        Asked answered = asked;
        if (answered != null && answered.ends.isDone()) {
            asked = null;
            take(answered);
            ask();
        }
        answer();
    }

    /** Asks once for all who wait by now. */
    private void ask() {
        List<Request> waiting;
        synchronized (requests) {
            waiting = List.copyOf(requests);
        }
        if (!waiting.isEmpty()) {
            Set<String> topics = new HashSet<>();
            waiting.forEach(request -> topics.addAll(request.topics));
            List<TopicPartition> partitions = consumer.assignment().stream()
                    .filter(partition -> topics.contains(partition.topic()))
                    .toList();
            CompletableFuture<Map<TopicPartition, Long>> told =
                    ends.ask(partitions).toCompletableFuture();
            asked = new Asked(waiting, told);
            var unused = told.whenComplete((offsets, refused) -> consumer.wakeup());
        }
    }

    /** Requests leave the queue only now: what is refused is asked again. */
    private void take(Asked answered) {
        try {
            Map<TopicPartition, Long> offsets = answered.ends.join();
            answered.requests.forEach(
                    request -> pending.add(new Pending(endsOf(request, offsets), request.done, System.nanoTime())));
        } catch (CompletionException e) {
            throw e.getCause() instanceof KafkaException refused ? refused : new KafkaException(e.getCause());
        }
        synchronized (requests) {
            requests.removeAll(answered.requests);
        }
    }

    private static Map<TopicPartition, Long> endsOf(Request request, Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> ends = new HashMap<>(offsets);
        ends.keySet().removeIf(partition -> !request.topics.contains(partition.topic()));
        return ends;
    }

    private void dispatch(ConsumerRecords<byte[], byte[]> records) {
        Set<String> topics = new HashSet<>();
        try {
            for (ConsumerRecord<byte[], byte[]> record : records) {
                listener(record.topic()).onRecord(record);
                topics.add(record.topic());
            }
            topics.forEach(topic -> listener(topic).onBatchEnd());
        } catch (RuntimeException e) {
            // The consumer is past these records: reading on would go on without them.
            throw new IllegalStateException(
                    "a record of the topics " + records.partitions() + " could not be taken", e);
        }
    }

    private TopicListener listener(String topic) {
        TopicListener listener = listeners.get(topic);
        if (listener == null) {
            throw new IllegalStateException("a record of topic " + topic + ", which nobody listens to");
        }
        return listener;
    }

    private void answer() {
        for (Iterator<Pending> open = pending.iterator(); open.hasNext(); ) {
            Pending next = open.next();
            if (next.ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue())) {
                open.remove();
                next.done.complete(null);
            }
        }
    }

    /** They end by themselves or are ended by somebody, who has to know of them. */
    private void lookForTransactions() {
        Set<TopicPartition> late = new HashSet<>();
        pending.forEach(waiting -> waiting.ends.forEach((partition, end) -> {
            Duration patience = listener(partition.topic()).transactionMax();
            if (System.nanoTime() - waiting.sinceNanos > patience.toNanos() && consumer.position(partition) < end) {
                late.add(partition);
            }
        }));
        SortedMap<String, String> now = new TreeMap<>();
        if (!late.isEmpty()) {
            consumer.endOffsets(late).forEach((partition, committed) -> {
                if (consumer.position(partition) >= committed) {
                    now.put(partition.topic(), heldUp(partition, committed));
                }
            });
        }
        now.forEach((topic, text) -> {
            if (!text.equals(heldUp.get(topic))) {
                LOGGER.atWarn().addKeyValue("topic", topic).log(text);
            }
        });
        heldUp = Collections.unmodifiableSortedMap(now);
    }

    private static String heldUp(TopicPartition partition, long offset) {
        String where = " --topic " + partition.topic() + " --partition " + partition.partition();
        return "Topic " + partition.topic() + " cannot be read beyond offset " + offset + " of partition "
                + partition.partition()
                + ": a transaction is open from there on, and what waits for the end of the topic, such as a"
                + " change of a connector or the start of a task, waits for the end of that. The brokers abort it after its producer's"
                + " transaction.timeout.ms. kafka-transactions.sh --bootstrap-server ADDRESS describe-producers" + where
                + " tells whose it is, and kafka-transactions.sh --bootstrap-server ADDRESS abort"
                + where + " --start-offset " + offset + " ends it.";
    }

    private void end() {
        synchronized (requests) {
            closing.countDown();
            requests.forEach(request -> request.done.completeExceptionally(closed()));
            requests.clear();
        }
        pending.forEach(waiting -> waiting.done.completeExceptionally(closed()));
        first.completeExceptionally(closed()); // unless it is over
        ends.close();
        try {
            consumer.close(org.apache.kafka.clients.consumer.CloseOptions.timeout(Duration.ZERO));
        } catch (KafkaException e) {
            LOGGER.atWarn().addKeyValue("error", e.getMessage()).log("the internal consumer did not close cleanly");
        }
    }

    /** Who waits for the topics to be read, as a worker that starts does, learns what is in the way. */
    private ConnectException closed() {
        Throwable cause = broken.getNow(null);
        if (cause != null) {
            return new ConnectException(
                    owner.topics() + " can no longer be read; " + owner.remedy() + ": " + cause, cause);
        }
        String known = trouble;
        return new ConnectException(known == null ? owner.end() + "; what is in the topics is no longer read" : known);
    }

    @Override
    public void close() {
        synchronized (requests) {
            closing.countDown();
        }
        consumer.wakeup();
        try {
            thread.join(CLOSE_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
