/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * A sink record that remembers how it was read, through all transforms: for its offset (KIP-793), and to go to the dead
 * letter topic as it came.
 */
final class DeliveredRecord extends SinkRecord {
    private final ConsumerRecord<byte[], byte[]> consumed;

    /** The record before any transform, with key, value and headers already converted. */
    DeliveredRecord(SinkRecord converted, ConsumerRecord<byte[], byte[]> consumed) {
        this(
                consumed,
                converted.topic(),
                converted.kafkaPartition(),
                converted.keySchema(),
                converted.key(),
                converted.valueSchema(),
                converted.value(),
                converted.timestamp(),
                converted.headers());
    }

    private DeliveredRecord(
            ConsumerRecord<byte[], byte[]> consumed,
            String topic,
            Integer partition,
            @Nullable Schema keySchema,
            @Nullable Object key,
            @Nullable Schema valueSchema,
            @Nullable Object value,
            @Nullable Long timestamp,
            @Nullable Iterable<Header> headers) {
        super(
                topic,
                partition,
                keySchema,
                key,
                valueSchema,
                value,
                consumed.offset(),
                timestamp,
                consumed.timestampType(),
                headers,
                consumed.topic(),
                consumed.partition(),
                consumed.offset());
        this.consumed = consumed;
    }

    ConsumerRecord<byte[], byte[]> consumed() {
        return consumed;
    }

    @Override
    public SinkRecord newRecord(
            String topic,
            Integer partition,
            @Nullable Schema keySchema,
            @Nullable Object key,
            @Nullable Schema valueSchema,
            @Nullable Object value,
            @Nullable Long timestamp) {
        return newRecord(
                topic,
                partition,
                keySchema,
                key,
                valueSchema,
                value,
                timestamp,
                headers().duplicate());
    }

    @Override
    public SinkRecord newRecord(
            String topic,
            Integer partition,
            @Nullable Schema keySchema,
            @Nullable Object key,
            @Nullable Schema valueSchema,
            @Nullable Object value,
            @Nullable Long timestamp,
            @Nullable Iterable<Header> headers) {
        return new DeliveredRecord(consumed, topic, partition, keySchema, key, valueSchema, value, timestamp, headers);
    }
}
