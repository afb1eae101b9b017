/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Makes topics, writes a record to each partition, and deletes them: one that was answered is there whole, with its records, or gone for good. */
final class Topics implements Part {
    private static final String PREFIX = "passing-";
    private static final int PARTITIONS_MAX = 3;
    private static final int ALIVE_MAX = 4;
    private static final int REST_MS = 50;

    private final Admin admin;
    private final KafkaProducer<String, String> producer;
    private final Random random;
    private final Deque<String> alive = new ArrayDeque<>();
    /** Those whose creation was answered, and their records too, with their number of partitions; their deletion was not asked for. */
    private final Map<String, Integer> made = new HashMap<>();

    private final Set<String> deleted = ConcurrentHashMap.newKeySet();
    private final AtomicLong answers = new AtomicLong();
    private int count;

    Topics(Clients clients, long seed) {
        this.admin = clients.admin();
        this.producer = clients.producer("metadata.max.age.ms", "2000");
        this.random = new Random(seed);
    }

    @Override
    public void step() throws InterruptedException {
        make(PREFIX + count++);
        if (alive.size() > ALIVE_MAX) {
            delete(alive.removeFirst());
        }
        TimeUnit.MILLISECONDS.sleep(REST_MS);
    }

    private void make(String name) {
        int partitions = 1 + random.nextInt(PARTITIONS_MAX);
        NewTopic topic = new NewTopic(name, partitions, (short) 1);
        // An attempt that was not answered may have made it.
        answered(() -> Clients.get(admin.createTopics(List.of(topic)).all()), TopicExistsException.class);
        alive.addLast(name);
        for (int partition = 0; partition < partitions; partition++) {
            write(new TopicPartition(name, partition));
        }
        synchronized (made) {
            made.put(name, partitions);
        }
    }

    private void write(TopicPartition partition) {
        Acknowledged answer = new Acknowledged();
        answer.send(
                producer,
                new ProducerRecord<>(partition.topic(), partition.partition(), null, partition.toString()),
                partition.toString());
        producer.flush();
        Map<Long, String> found = answer.snapshot().getOrDefault(partition, Map.of());
        if (!found.equals(Map.of(0L, partition.toString()))) {
            throw new AssertionError("the first record of the new " + partition + " was acknowledged as " + found);
        }
    }

    private void delete(String name) {
        synchronized (made) {
            made.remove(name);
        }
        answered(() -> Clients.get(admin.deleteTopics(List.of(name)).all()), UnknownTopicOrPartitionException.class);
        deleted.add(name);
    }

    private interface Attempt {
        @Nullable
        Void run() throws ExecutionException;
    }

    /** Tries until it is answered. {@code done} says that an attempt without an answer had been successful. */
    private void answered(Attempt attempt, Class<? extends Exception> done) {
        boolean isFirst = true;
        while (true) {
            try {
                attempt.run();
                answers.incrementAndGet();
                return;
            } catch (ExecutionException e) {
                if (done.isInstance(e.getCause())) {
                    answers.incrementAndGet();
                    return;
                }
                if (!(e.getCause() instanceof TimeoutException)) {
                    throw new AssertionError("a topic cannot be made or deleted, at the first attempt: " + isFirst, e);
                }
                isFirst = false;
            }
        }
    }

    @Override
    public long acknowledged() {
        return answers.get();
    }

    /** No deletion begins meanwhile, so that all that was made is there to be read. */
    @Override
    public void judge(Reader reader) {
        synchronized (made) {
            Set<String> gone = Set.copyOf(deleted);
            try {
                Set<String> listed = Clients.get(admin.listTopics().names());
                if (!listed.containsAll(made.keySet()) || !Collections.disjoint(listed, gone)) {
                    throw new AssertionError(made.keySet() + " were made and are to be there, of " + gone.size()
                            + " none is; there are " + listed);
                }
                requireWhole(reader);
            } catch (ExecutionException e) {
                throw new AssertionError("the topics cannot be listed", e);
            }
        }
    }

    private void requireWhole(Reader reader) throws ExecutionException {
        Map<String, TopicDescription> found =
                Clients.get(admin.describeTopics(made.keySet()).allTopicNames());
        List<TopicPartition> all = new ArrayList<>();
        made.forEach((name, partitions) -> {
            TopicDescription topic = found.get(name);
            if (topic == null || topic.partitions().size() != partitions) {
                throw new AssertionError(name + " was made with " + partitions + " partitions, and is " + topic);
            }
            all.addAll(Reader.partitions(name, partitions));
        });
        reader.read(all, IsolationLevel.READ_COMMITTED).forEach((partition, records) -> {
            if (records.size() != 1 || !records.get(0).value().equals(partition.toString())) {
                throw new AssertionError(partition + " holds " + records);
            }
        });
    }

    @Override
    public void finish() {}

    @Override
    public void close() {
        producer.close(Duration.ZERO);
        admin.close(Duration.ZERO);
    }
}
