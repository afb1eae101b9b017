/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.api.Caller;
import io.levada.broker.topic.Topic;
import io.levada.broker.topic.Topics;
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
 * @param byId whether the request names topics by id; the names in it say nothing then
 */
record CommitTargets(Topics topics, Caller caller, boolean byId) {
    /** The partition, if there is one and the caller may read it. */
    Optional<TopicPartition> find(Uuid id, String name, int partition) {
        return topic(id, name)
                .filter(topic -> mayRead(topic.name()) && topic.hasPartition(partition))
                .map(topic -> new TopicPartition(topic.name(), partition));
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
        return find(id, name, partition).map(committed::get).orElse(Errors.UNKNOWN_TOPIC_OR_PARTITION);
    }

    private Optional<Topic> topic(Uuid id, String name) {
        return byId ? topics.catalog().find(id) : topics.catalog().find(name);
    }

    private boolean mayRead(String topic) {
        return caller.mayOnTopic(AclOperation.READ, topic);
    }
}
