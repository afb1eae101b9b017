/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.task.Converters;
import io.levada.runtime.task.InUse;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.FailurePolicy.Outcome;
import io.levada.runtime.task.errors.FailurePolicy.Subject;
import io.levada.runtime.task.errors.Stage;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.header.Header;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * The way of a record from a source task to the bytes that are sent.
 *
 * @param policy what to do with one that cannot go it
 */
record SourceRecords(TransformChain<SourceRecord> transforms, Converters converters, FailurePolicy policy) {
    /** What is to be sent; null if the record is dropped, by a transform or as a tolerated failure. */
    @Nullable
    ProducerRecord<byte[], byte[]> prepare(SourceRecord polled) throws InterruptedException {
        Subject subject = new Subject(() -> where(polled), null);
        SourceRecord record = transforms.apply(polled, policy, subject).result();
        if (record == null) {
            return null;
        }
        RecordHeaders converted = record.headers() == null || record.headers().isEmpty()
                ? new RecordHeaders()
                : policy.run(Stage.HEADER_CONVERTER, converters.header().className(), subject, () -> headers(record))
                        .result();
        if (converted == null) {
            return null;
        }
        Outcome<byte[]> key = policy.run(
                Stage.KEY_CONVERTER,
                converters.key().className(),
                subject,
                () -> bytes(converters.key(), record.topic(), converted, record.keySchema(), record.key()));
        if (key.skipped()) {
            return null;
        }
        Outcome<byte[]> value = policy.run(
                Stage.VALUE_CONVERTER,
                converters.value().className(),
                subject,
                () -> bytes(converters.value(), record.topic(), converted, record.valueSchema(), record.value()));
        if (value.skipped()) {
            return null;
        }
        // A negative timestamp means none, as CreateTime of the broker knows none below zero.
        Long timestamp = record.timestamp() == null || record.timestamp() < 0 ? null : record.timestamp();
        return new ProducerRecord<>(
                record.topic(), record.kafkaPartition(), timestamp, key.result(), value.result(), converted);
    }

    private static byte @Nullable [] bytes(
            InUse<Converter> by, String topic, RecordHeaders headers, @Nullable Schema schema, @Nullable Object data) {
        return by.call(converter -> converter.fromConnectData(topic, headers, schema, data));
    }

    private RecordHeaders headers(SourceRecord record) {
        RecordHeaders headers = new RecordHeaders();
        for (Header header : record.headers()) {
            headers.add(
                    header.key(),
                    converters
                            .header()
                            .call(converter -> converter.fromConnectHeader(
                                    record.topic(), header.key(), header.schema(), header.value())));
        }
        return headers;
    }

    static String where(SourceRecord record) {
        return "the record for topic " + record.topic() + " at source partition " + record.sourcePartition()
                + ", offset " + record.sourceOffset();
    }
}
