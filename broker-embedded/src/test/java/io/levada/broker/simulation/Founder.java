/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.message.CreateTopicsRequestData;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopic;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicCollection;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfig;
import org.apache.kafka.common.message.CreateTopicsRequestData.CreatableTopicConfigCollection;
import org.apache.kafka.common.message.CreateTopicsResponseData;
import org.apache.kafka.common.message.CreateTopicsResponseData.CreatableTopicResult;
import org.apache.kafka.common.protocol.Errors;

/** Makes the topic that all others use, before anything goes wrong. Its segments are small, so that much happens between them. */
final class Founder extends Client {
    private static final int CREATE_TOPICS = 7;
    private static final int PARTITIONS = 3;
    private static final Map<String, String> SETTINGS = Map.of(
            "segment.bytes", "2048",
            "index.interval.bytes", "300",
            "retention.ms", "-1",
            "file.delete.delay.ms", "100");
    private final Consumer<KnownTopic> then;

    Founder(World world, Consumer<KnownTopic> then) {
        super(world, "founder", false);
        this.then = then;
    }

    @Override
    void begin() {
        CreatableTopicConfigCollection configs = new CreatableTopicConfigCollection();
        SETTINGS.forEach((name, value) ->
                configs.add(new CreatableTopicConfig().setName(name).setValue(value)));
        CreatableTopicCollection topics = new CreatableTopicCollection();
        topics.add(new CreatableTopic()
                .setName("orders")
                .setNumPartitions(PARTITIONS)
                .setReplicationFactor((short) 1)
                .setConfigs(configs));
        ask(
                new CreateTopicsRequestData().setTopics(topics).setTimeoutMs(30_000),
                CREATE_TOPICS,
                CreateTopicsResponseData.class,
                answer -> {
                    CreatableTopicResult made = answer.topics().iterator().next();
                    Violation.unless(
                            made.errorCode() == Errors.NONE.code(),
                            () -> "the topic cannot be made: " + made.errorMessage());
                    then.accept(new KnownTopic("orders", made.topicId(), PARTITIONS));
                },
                () -> {
                    throw new Violation("an answer is lost though nothing has gone wrong yet");
                });
    }

    @Override
    boolean isDone() {
        return true;
    }
}
