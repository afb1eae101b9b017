/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import java.util.Collection;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.common.TopicPartition;

/**
 * Tells when the group has given a consumer its partitions and these are open. Consumers say so of an assignment that is empty, too.
 *
 * @param onJoined called inside the consumer's poll, each time
 */
record JoinListener(ConsumerRebalanceListener opening, Runnable onJoined) implements ConsumerRebalanceListener {
    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> partitions) {
        opening.onPartitionsAssigned(partitions);
        onJoined.run();
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> partitions) {
        opening.onPartitionsRevoked(partitions);
    }

    @Override
    public void onPartitionsLost(Collection<TopicPartition> partitions) {
        opening.onPartitionsLost(partitions);
    }
}
