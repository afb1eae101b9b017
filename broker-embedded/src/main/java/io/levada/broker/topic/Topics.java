/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.directory.OfflinePartition;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of this broker and their partitions. Reading is safe from any thread; changes run one at a time on the given executor and are on disk when
 * their future completes.
 */
public final class Topics {
    private static final Logger LOGGER = LoggerFactory.getLogger(Topics.class);
    private final LogDirectory logs;
    private final TopicStore store;
    private final TopicFolders folders;
    private volatile TopicDefaults defaults;
    private final Executor executor;
    private final List<Consumer<Topic>> deletions = new CopyOnWriteArrayList<>();
    private volatile TopicCatalog catalog = TopicCatalog.EMPTY;

    /**
     * Loads the catalogue, goes on with what a crash interrupted, and takes over the partitions that another broker left in the data directory.
     *
     * @param executor runs one task at a time
     */
    public Topics(LogDirectory logs, Path dataDir, TopicDefaults defaults, Executor executor) {
        this.logs = logs;
        this.store = new TopicStore(dataDir);
        this.defaults = defaults;
        this.executor = executor;
        this.folders = new TopicFolders(logs, store);
        this.catalog = new TopicsAtStart(logs, store, folders, dataDir, defaults).load();
        catalog.all().forEach(this::applySettings);
    }

    /** Settings on disk were checked when they were given, by a version that may have known others. */
    private void applySettings(Topic topic) {
        try {
            update(topic, configOf(topic));
        } catch (InvalidConfigurationException e) {
            LOGGER.atError()
                    .addKeyValue("topic", topic.name())
                    .addKeyValue("error", e.getMessage())
                    .log("settings of the topic cannot be used, its records are kept for ever until they are mended");
            update(topic, LogConfig.from(Map.of(TopicConfig.RETENTION_MS_CONFIG, "-1")));
        }
    }

    private void update(Topic topic, LogConfig config) {
        for (TopicPartition partition : logs.partitionsOf(topic.name())) {
            log(partition).ifPresent(log -> log.updateConfig(config));
        }
    }

    public TopicCatalog catalog() {
        return catalog;
    }

    public TopicDefaults defaults() {
        return defaults;
    }

    /** The log of a partition; empty if there is no such topic or partition, or it is {@link #offline}. */
    public Optional<PartitionLog> log(TopicPartition partition) {
        return logs.log(partition);
    }

    /**
     * The log of a partition.
     *
     * @throws KafkaStorageException if it is offline
     * @throws UnknownTopicOrPartitionException if there is none
     */
    public PartitionLog require(TopicPartition partition) {
        return log(partition).orElseThrow(() -> failure(partition));
    }

    /** Why a partition that exists does not serve, or empty. */
    public Optional<OfflinePartition> offline(TopicPartition partition) {
        return logs.offline(partition);
    }

    private ApiException failure(TopicPartition partition) {
        return offline(partition)
                .<ApiException>map(OfflinePartition::failure)
                .orElseGet(() -> new UnknownTopicOrPartitionException("there is no partition " + partition));
    }

    /** Notes on disk what {@link PartitionLog#moveLogStartOffset} did to any partition before. */
    public void forceLogStartOffsets() {
        logs.forceLogStartOffsets();
    }

    /** The epoch in which this broker leads a partition. It stays what it is: leadership never changes hands. */
    public int leaderEpoch(Topic topic, int partition) {
        return log(new TopicPartition(topic.name(), partition))
                .map(PartitionLog::leaderEpoch)
                .orElse(0);
    }

    /**
     * Tells {@code listener} of every topic that is deleted from now on, before another can get its name, also where folders of it could not be removed.
     * It must not block. Nobody hears of a deletion that a start finishes: whoever keeps something by the names of topics compares it with the
     * {@link #catalog} then.
     */
    public void onDelete(Consumer<Topic> listener) {
        deletions.add(listener);
    }

    /**
     * Makes a topic. Fails with {@link TopicExistsException}, {@link InvalidTopicException}, {@link InvalidPartitionsException} or
     * {@link org.apache.kafka.common.errors.InvalidConfigurationException}.
     *
     * @param validateOnly checks everything and makes nothing
     */
    public CompletableFuture<Topic> create(NewTopic wanted, boolean validateOnly) {
        return change(() -> {
            Topic topic = checked(wanted);
            LogConfig config = configOf(topic);
            if (!validateOnly) {
                folders.create(topic, config);
                catalog = catalog.with(topic);
                LOGGER.atInfo()
                        .addKeyValue("topic", topic.name())
                        .addKeyValue("partitions", topic.partitions())
                        .log("topic created");
            }
            return topic;
        });
    }

    /** The topic of that name, made if need be. */
    public CompletableFuture<Topic> findOrCreate(NewTopic wanted) {
        Optional<Topic> present = catalog.find(wanted.name());
        if (present.isPresent()) {
            return CompletableFuture.completedFuture(present.get());
        }
        return create(wanted, false)
                .exceptionallyCompose(failure -> catalog.find(wanted.name())
                        .map(CompletableFuture::completedFuture)
                        .orElseGet(() -> CompletableFuture.failedFuture(failure)));
    }

    /** Removes a topic with all its records; fails with {@link UnknownTopicOrPartitionException}. */
    public CompletableFuture<Topic> delete(String name) {
        return change(() -> {
            Topic topic = existing(name);
            store.markDeleted(topic);
            catalog = catalog.without(name);
            try {
                folders.finishDelete(topic);
            } finally {
                // Whether or not its folders are gone: nobody can use it any more, and its name is free for another.
                deletions.forEach(listener -> listener.accept(topic));
            }
            LOGGER.atInfo().addKeyValue("topic", name).log("topic deleted");
            return topic;
        });
    }

    /** Grows a topic to {@code total} partitions; fails with {@link InvalidPartitionsException} if that is not more than it has. */
    public CompletableFuture<Topic> grow(String name, int total, boolean validateOnly) {
        return change(() -> {
            Topic topic = existing(name);
            if (topic.isInternal()) {
                // A coordinator finds a key by the number of partitions: what it has would be looked for elsewhere.
                throw new InvalidPartitionsException(
                        "topic " + name + " keeps the state of a coordinator and cannot grow;"
                                + " the number of its partitions is set in the broker's properties before it is made");
            }
            if (total <= topic.partitions()) {
                throw new InvalidPartitionsException("topic " + name + " has " + topic.partitions()
                        + " partitions already, it can only grow, not become " + total);
            }
            checkRoom(total - topic.partitions());
            requireFewEnough(total);
            Topic grown = topic.withPartitions(total);
            if (!validateOnly) {
                folders.grow(topic, grown, configOf(grown));
                catalog = catalog.with(grown);
                LOGGER.atInfo()
                        .addKeyValue("topic", name)
                        .addKeyValue("partitions", total)
                        .log("topic grown");
            }
            return grown;
        });
    }

    /** Changes the settings that were given to a topic. */
    public CompletableFuture<Topic> configure(
            String name, UnaryOperator<Map<String, String>> edit, boolean validateOnly) {
        return change(() -> {
            Topic topic = existing(name);
            Topic changed = topic.withConfigs(edit.apply(new HashMap<>(topic.configs())));
            LogConfig config = configOf(changed);
            if (!validateOnly) {
                store.save(changed);
                catalog = catalog.with(changed);
                update(changed, config);
                LOGGER.atInfo()
                        .addKeyValue("topic", name)
                        .addKeyValue("configs", changed.configs())
                        .log("topic settings changed");
            }
            return changed;
        });
    }

    /**
     * Changes what topics get that do not say otherwise. Fails with {@link InvalidConfigurationException}, and changes nothing, if a topic's own settings
     * do not go together with that.
     *
     * @param change gives the new defaults by the names of topic settings, or throws, and stores them unless it is told only to validate; runs on the
     *     thread of all changes
     */
    CompletableFuture<Map<String, String>> changeDefaults(
            Function<Boolean, Map<String, String>> change, boolean validateOnly) {
        return change(() -> {
            TopicDefaults wanted = defaults.with(change.apply(true));
            catalog.all().forEach(topic -> requireUsable(topic, wanted));
            if (!validateOnly) {
                defaults = defaults.with(change.apply(false));
                catalog.all().forEach(this::applySettings);
            }
            return wanted.configs();
        });
    }

    /** A topic whose settings cannot be used as it is need not be usable afterwards. */
    private void requireUsable(Topic topic, TopicDefaults wanted) {
        try {
            configOf(topic, wanted);
        } catch (InvalidConfigurationException e) {
            if (!isUsable(topic)) {
                return;
            }
            throw new InvalidConfigurationException(
                    "topic " + topic.name() + " has settings of its own that do not go together with that: "
                            + e.getMessage(),
                    e);
        }
    }

    private boolean isUsable(Topic topic) {
        try {
            configOf(topic);
            return true;
        } catch (InvalidConfigurationException alreadyTold) {
            return false;
        }
    }

    /** The settings in force for {@code topic}: its own over the broker's. */
    LogConfig configOf(Topic topic) {
        return configOf(topic, defaults);
    }

    private static LogConfig configOf(Topic topic, TopicDefaults under) {
        Map<String, String> effective = new HashMap<>(under.configs());
        effective.putAll(topic.configs());
        return LogConfig.from(effective);
    }

    /** Runs {@code work} on the thread of all changes. */
    <T> CompletableFuture<T> change(Supplier<T> work) {
        return CompletableFuture.supplyAsync(work, executor);
    }

    private Topic existing(String name) {
        return catalog.find(name)
                .orElseThrow(() -> new UnknownTopicOrPartitionException("there is no topic '" + name + "'"));
    }

    private Topic checked(NewTopic wanted) {
        String name = wanted.name();
        org.apache.kafka.common.internals.Topic.validate(name);
        if (catalog.find(name).isPresent()) {
            throw new TopicExistsException("Topic '" + name + "' already exists.");
        }
        if (org.apache.kafka.common.internals.Topic.hasCollisionChars(name)) {
            catalog.all().stream()
                    .filter(topic -> org.apache.kafka.common.internals.Topic.hasCollision(name, topic.name()))
                    .findFirst()
                    .ifPresent(topic -> {
                        throw new InvalidTopicException(
                                "Topic '" + name + "' collides with existing topic: " + topic.name());
                    });
        }
        int partitions = wanted.partitions() == NewTopic.DEFAULT ? defaults.partitions() : wanted.partitions();
        if (partitions < 1) {
            throw new InvalidPartitionsException("Number of partitions must be larger than 0, not " + partitions + ".");
        }
        checkRoom(partitions);
        requireFewEnough(partitions);
        return new Topic(name, Uuid.randomUuid(), partitions, wanted.configs());
    }

    private static void requireFewEnough(int partitions) {
        if (partitions > Topic.PARTITIONS_MAX) {
            throw new InvalidPartitionsException(
                    "a topic can have " + Topic.PARTITIONS_MAX + " partitions at most, not " + partitions);
        }
    }

    private void checkRoom(int more) {
        int present = catalog.partitions();
        if ((long) present + more > defaults.partitionsMax()) {
            throw new PolicyViolationException(more + " partitions more than the present " + present
                    + " are past the limit of " + defaults.partitionsMax() + " (broker.max.partitions)");
        }
    }
}
