/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import org.apache.kafka.connect.connector.ConnectRecord;

/** A record sent to another topic. */
final class Routing {

    private Routing() {}

    /** The same record, headers included, for {@code topic}; it keeps its partition number. */
    static <R extends ConnectRecord<R>> R to(String topic, R record) {
        return record.newRecord(
                topic,
                record.kafkaPartition(),
                record.keySchema(),
                record.key(),
                record.valueSchema(),
                record.value(),
                record.timestamp());
    }
}
