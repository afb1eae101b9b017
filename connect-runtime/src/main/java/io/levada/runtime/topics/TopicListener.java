/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.topics;

import java.time.Duration;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Takes the records of one internal topic; called by the reading thread only, must neither block nor throw. */
public interface TopicListener {
    /** One record, in the order of its partition. */
    void onRecord(ConsumerRecord<byte[], byte[]> record);

    /** How long transactions in the topic may be open without anybody having to be told that they hold up its readers. */
    default Duration transactionMax() {
        return Duration.ofSeconds(10);
    }

    /** The records handed over since the last call are all that one read brought. */
    default void onBatchEnd() {}
}
