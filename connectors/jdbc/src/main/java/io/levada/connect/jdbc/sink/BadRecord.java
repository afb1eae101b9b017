/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import org.apache.kafka.connect.sink.SinkRecord;

/** A record that cannot be written, and why. */
public record BadRecord(SinkRecord record, Exception cause) {

    /** Topic, partition and offset with which it was consumed. */
    public String coordinates() {
        return record.originalTopic() + "-" + record.originalKafkaPartition() + " offset "
                + record.originalKafkaOffset();
    }
}
