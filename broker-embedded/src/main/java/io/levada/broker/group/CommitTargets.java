/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.TopicCatalog;
import io.levada.broker.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.protocol.Errors;

/**
 * The partitions for which a caller commits offsets, which a request names by their topic's id or name. They need not be in service: an offset says where
 * to read on once they are.
 *
 * @param asked the topics that there were when the request came, which are those that it means
 * @param byId whether the request names topics by id; the names in it say nothing then
 */
record CommitTargets(Topics topics, TopicCatalog asked, Caller caller, boolean byId) {
    static CommitTargets of(Topics topics, Caller caller, boolean byId) {
        return new CommitTargets(topics, topics.catalog(), caller, byId);
    }

    /** The partition, if there is one and the caller may read it. */
    Optional<TopicPartition> find(Uuid id, String name, int partition) {
        return topic(id, name)
                .filter(topic -> mayRead(topic.name()) && topic.hasPartition(partition))
                .map(topic -> new TopicPartition(topic.name(), partition));
    }

    /**
     * Without those whose topic was deleted since the request came. To be called where the offsets are stored: a topic that is deleted later takes them along,
     * and one of the same name that was made meanwhile must not get them.
     */
    Map<TopicPartition, CommittedOffset> stillThere(Map<TopicPartition, CommittedOffset> offsets) {
        TopicCatalog now = topics.catalog();
        Map<TopicPartition, CommittedOffset> left = new HashMap<>(offsets);
        left.keySet()
                .removeIf(partition -> asked.find(partition.topic())
                        .flatMap(topic -> now.find(topic.id()))
                        .isEmpty());
        return left;
    }

    /** What is answered for a partition: how its commit went, or why there was none. */
    Errors answer(Uuid id, String name, int partition, Map<TopicPartition, Errors> committed) {
        Optional<Topic> topic = topic(id, name);
        if (byId && topic.isEmpty()) {
            return Errors.UNKNOWN_TOPIC_ID;
        }
        if (!mayRead(topic.map(Topic::name).orElse(name))) {
            return Errors.TOPIC_AUTHORIZATION_FAILED;
        }
        return find(id, name, partition)
                .map(found -> committed.getOrDefault(found, gone()))
                .orElse(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private Optional<Topic> topic(Uuid id, String name) {
        return byId ? asked.find(id) : asked.find(name);
    }

    private Errors gone() {
        return byId ? Errors.UNKNOWN_TOPIC_ID : Errors.UNKNOWN_TOPIC_OR_PARTITION;
    }

    private boolean mayRead(String topic) {
        return caller.mayOnTopic(AclOperation.READ, topic);
    }
}
