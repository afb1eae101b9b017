/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Makes the topics that all others use, before anything goes wrong: one of orders, a compacted one, one that keeps records for a while, and one that keeps so many bytes. Their segments are small, so that much happens between them. */
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
    private static final long RETENTION_MS = 400;
    private static final long RETENTION_BYTES = 5_000;
    private static final Map<String, String> PASSING = Map.of(
            "segment.bytes",
            Integer.toString(KnownTopic.SEGMENT_BYTES),
            "index.interval.bytes",
            "300",
            "file.delete.delay.ms",
            "50");
    private final Consumer<Founded> then;

    /**
     * The topics.
     *
     * @param orders keeps everything
     * @param latest is compacted
     * @param passing keeps records for a while
     * @param bounded keeps so many bytes
     */
    record Founded(KnownTopic orders, KnownTopic latest, KnownTopic passing, KnownTopic bounded) {}

    Founder(World world, Consumer<Founded> then) {
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
        Map<String, String> passing = new TreeMap<>(PASSING);
        passing.put("retention.ms", Long.toString(retentionMs()));
        topics.add(topic("passing", 1, passing));
        Map<String, String> bounded = new TreeMap<>(PASSING);
        bounded.put("retention.ms", "-1");
        bounded.put("retention.bytes", Long.toString(retentionBytes()));
        topics.add(topic("bounded", 1, bounded));
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
                    then.accept(new Founded(
                            known(answer, "orders", false, KnownTopic.FOR_EVER, KnownTopic.FOR_EVER),
                            known(answer, "latest", true, KnownTopic.FOR_EVER, KnownTopic.FOR_EVER),
                            known(answer, "passing", false, RETENTION_MS, KnownTopic.FOR_EVER),
                            known(answer, "bounded", false, KnownTopic.FOR_EVER, RETENTION_BYTES)));
                },
                () -> {
                    throw new Violation("an answer is lost though nothing has gone wrong yet");
                });
    }

    private long retentionMs() {
        return switch (world().mutation()) {
            case RETENTION_TOO_SHORT -> 1;
            case TIME_FORGOTTEN -> -1;
            default -> RETENTION_MS;
        };
    }

    private long retentionBytes() {
        return switch (world().mutation()) {
            case RETENTION_TOO_SMALL -> 1;
            case SIZE_FORGOTTEN -> -1;
            default -> RETENTION_BYTES;
        };
    }

    private static KnownTopic known(
            CreateTopicsResponseData answer, String name, boolean compacted, long retentionMs, long retentionBytes) {
        CreatableTopicResult made = answer.topics().find(name);
        return new KnownTopic(name, made.topicId(), made.numPartitions(), compacted, retentionMs, retentionBytes);
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
