/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.record.internal.AbstractRecords;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/**
 * Which records a producer will not even send. It says so when it is given one, but in a transaction its refusal takes all other records with
 * it; who asks here first can leave out the one.
 *
 * @param requestMax {@code max.request.size}, in bytes
 * @param memory {@code buffer.memory}, in bytes
 */
record RecordLimit(int requestMax, long memory, CompressionType compression) {
    /** @param producer its settings */
    static RecordLimit of(Map<String, Object> producer) {
        AbstractConfig parsed = new AbstractConfig(ProducerConfig.configDef(), producer, false);
        return new RecordLimit(
                parsed.getInt(ProducerConfig.MAX_REQUEST_SIZE_CONFIG),
                parsed.getLong(ProducerConfig.BUFFER_MEMORY_CONFIG),
                CompressionType.forName(parsed.getString(ProducerConfig.COMPRESSION_TYPE_CONFIG)));
    }

    /** Why the producer refuses a record, as it says it; null if it does not. */
    @Nullable
    RecordTooLargeException refusal(ProducerRecord<byte[], byte[]> record) {
        int size = AbstractRecords.estimateSizeInBytesUpperBound(
                RecordBatch.CURRENT_MAGIC_VALUE,
                compression,
                record.key(),
                record.value(),
                record.headers().toArray());
        if (size > requestMax) {
            return tooLarge(size, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, requestMax);
        }
        return size > memory ? tooLarge(size, ProducerConfig.BUFFER_MEMORY_CONFIG, memory) : null;
    }

    private static RecordTooLargeException tooLarge(int size, String key, long limit) {
        return new RecordTooLargeException("The record has " + size + " bytes, more than the producer's " + key + " of "
                + limit + "; producer.override." + key + " allows more");
    }
}
