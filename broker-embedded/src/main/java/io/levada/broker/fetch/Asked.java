/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.fetch;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.message.FetchRequestData.FetchPartition;
import org.apache.kafka.common.message.FetchRequestData.FetchTopic;
import org.apache.kafka.common.message.FetchRequestData.ForgottenTopic;
import org.apache.kafka.common.requests.FetchRequest;

/**
 * A partition that a fetch asks for.
 *
 * @param topic its name, empty where the request goes by id
 * @param topicId its id, zero where the request goes by name
 * @param wanted from which offset, and how much
 */
record Asked(String topic, Uuid topicId, FetchPartition wanted) {
    /** What tells partitions apart within a session, which goes either by names or by ids. */
    record Key(String topic, Uuid topicId, int partition) {}

    Key key() {
        return new Key(topic, topicId, wanted.partition());
    }

    boolean isOfSameTopic(Asked other) {
        return topicId.equals(other.topicId) && topic.equals(other.topic);
    }

    /** All that {@code request} names, in its order. */
    static List<Asked> in(FetchRequest request) {
        List<Asked> all = new ArrayList<>();
        for (FetchTopic topic : request.data().topics()) {
            topic.partitions().forEach(wanted -> all.add(new Asked(topic.topic(), topic.topicId(), wanted)));
        }
        return all;
    }

    /** What {@code request} takes out of its session. */
    static List<Key> forgottenIn(FetchRequest request) {
        List<Key> all = new ArrayList<>();
        for (ForgottenTopic topic : request.data().forgottenTopicsData()) {
            topic.partitions().forEach(partition -> all.add(new Key(topic.topic(), topic.topicId(), partition)));
        }
        return all;
    }
}
