/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import java.util.Map;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.header.Header;
import org.jspecify.annotations.Nullable;

/** The half of a record that a transform reads and writes. */
enum RecordPart {
    KEY {
        @Override
        @Nullable
        Schema schema(ConnectRecord<?> record) {
            return record.keySchema();
        }

        @Override
        @Nullable
        Object data(ConnectRecord<?> record) {
            return record.key();
        }

        @Override
        <R extends ConnectRecord<R>> R replace(R record, @Nullable Schema schema, @Nullable Object data) {
            return record.newRecord(
                    record.topic(),
                    record.kafkaPartition(),
                    schema,
                    data,
                    record.valueSchema(),
                    record.value(),
                    record.timestamp());
        }

        @Override
        <R extends ConnectRecord<R>> R replace(
                R record, @Nullable Schema schema, @Nullable Object data, Iterable<Header> headers) {
            return record.newRecord(
                    record.topic(),
                    record.kafkaPartition(),
                    schema,
                    data,
                    record.valueSchema(),
                    record.value(),
                    record.timestamp(),
                    headers);
        }
    },

    VALUE {
        @Override
        @Nullable
        Schema schema(ConnectRecord<?> record) {
            return record.valueSchema();
        }

        @Override
        @Nullable
        Object data(ConnectRecord<?> record) {
            return record.value();
        }

        @Override
        <R extends ConnectRecord<R>> R replace(R record, @Nullable Schema schema, @Nullable Object data) {
            return record.newRecord(
                    record.topic(),
                    record.kafkaPartition(),
                    record.keySchema(),
                    record.key(),
                    schema,
                    data,
                    record.timestamp());
        }

        @Override
        <R extends ConnectRecord<R>> R replace(
                R record, @Nullable Schema schema, @Nullable Object data, Iterable<Header> headers) {
            return record.newRecord(
                    record.topic(),
                    record.kafkaPartition(),
                    record.keySchema(),
                    record.key(),
                    schema,
                    data,
                    record.timestamp(),
                    headers);
        }
    };

    /** The schema of this part; null for schemaless data. */
    abstract @Nullable Schema schema(ConnectRecord<?> record);

    /** The data of this part; null in a tombstone or a record without a key. */
    abstract @Nullable Object data(ConnectRecord<?> record);

    /** The record with this part replaced and everything else, headers included, as it was. */
    abstract <R extends ConnectRecord<R>> R replace(R record, @Nullable Schema schema, @Nullable Object data);

    /** As {@link #replace(ConnectRecord, Schema, Object)}, with {@code headers} in place of the record's. */
    abstract <R extends ConnectRecord<R>> R replace(
            R record, @Nullable Schema schema, @Nullable Object data, Iterable<Header> headers);

    /**
     * The struct that data with a schema has to be.
     *
     * @param purpose what the transform is about to do, for the message
     * @throws DataException if it is anything else, null included
     */
    static Struct struct(@Nullable Object data, String purpose) {
        if (data instanceof Struct struct) {
            return struct;
        }
        throw new DataException("Cannot " + purpose + ": data with a schema must be a Struct, found " + kind(data));
    }

    /**
     * The map that schemaless data has to be.
     *
     * @param purpose what the transform is about to do, for the message
     * @throws DataException if it is anything else, null included
     */
    @SuppressWarnings("unchecked") // a schemaless record is a map of field names by Connect's convention
    static Map<String, @Nullable Object> map(@Nullable Object data, String purpose) {
        if (data instanceof Map<?, ?> map) {
            return (Map<String, @Nullable Object>) map;
        }
        throw new DataException("Cannot " + purpose + ": data without a schema must be a Map, found " + kind(data));
    }

    private static String kind(@Nullable Object data) {
        return data == null ? "null" : data.getClass().getName();
    }
}
