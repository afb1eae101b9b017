/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Makes the topics that all others use, before anything goes wrong: one of orders, and a compacted one. Their segments are small, so that much happens between them. */
final class Founder extends Client {
    private static final int CREATE_TOPICS = 7;
    private static final int PARTITIONS = 3;
    private static final Map<String, String> SETTINGS = Map.of(
            "segment.bytes", "2048",
            "index.interval.bytes", "300",
            "retention.ms", "-1",
            "file.delete.delay.ms", "100");
    private static final int COMPACTED_PARTITIONS = 2;
    private static final Map<String, String> COMPACTED = Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1024",
            "index.interval.bytes", "300",
            "min.cleanable.dirty.ratio", "0.01",
            "file.delete.delay.ms", "50");
    private final BiConsumer<KnownTopic, KnownTopic> then;

    /**
     * Makes them.
     *
     * @param then takes the topic of orders and the compacted one
     */
    Founder(World world, BiConsumer<KnownTopic, KnownTopic> then) {
        super(world, "founder", false);
        this.then = then;
    }

    @Override
    void begin() {
        Map<String, String> compacted = new TreeMap<>(COMPACTED);
        boolean early = world().mutation() == Mutation.TOMBSTONES_GO_EARLY;
        compacted.put("delete.retention.ms", Long.toString(early ? 0 : KeyLedger.TOMBSTONES_STAY_MS));
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(topic("orders", PARTITIONS, SETTINGS));
        topics.add(topic("latest", COMPACTED_PARTITIONS, compacted));
        ask(
                new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(30_000),
                CREATE_TOPICS,
                CreateTopicsResponseData.class,
                answer -> {
                    for (CreatableTopicResult made : answer.topics()) {
                        Violation.unless(
                                made.errorCode() == Errors.NONE.code(),
                                () -> made.name() + " cannot be made: " + made.errorMessage());
                    }
                    then.accept(
                            new KnownTopic(
                                    "orders", answer.topics().find("orders").topicId(), PARTITIONS, false),
                            new KnownTopic(
                                    "latest", answer.topics().find("latest").topicId(), COMPACTED_PARTITIONS, true));
                },
                () -> {
                    throw new Violation("an answer is lost though nothing has gone wrong yet");
                });
    }

    private static CreatableTopic topic(String name, int partitions, Map<String, String> settings) {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        settings.forEach((setting, value) ->
                configs.add(new CreatableTopicConfig().setName(setting).setValue(value)));
        return new CreatableTopic()
                .setName(name)
                .setNumPartitions(partitions)
                .setReplicationFactor((short) 1)
                .setConfigs(configs);
    }

    @Override
    boolean isDone() {
        return true;
    }
}
