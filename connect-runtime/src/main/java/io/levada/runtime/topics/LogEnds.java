/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.common.TopicPartition;

/** Tells where topics end; used by the reading thread alone. */
interface LogEnds extends AutoCloseable {
    /**
     * The offsets after the last records that the brokers hold, also of transactions that are open. Does not block.
     *
     * @return completes on any thread, and fails with what the brokers refuse
     * @throws org.apache.kafka.common.KafkaException if they cannot be asked
     */
    CompletionStage<Map<TopicPartition, Long>> ask(Collection<TopicPartition> partitions);

    @Override
    void close();
}
