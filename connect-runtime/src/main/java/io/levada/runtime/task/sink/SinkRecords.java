/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.task.Converters;
import io.levada.runtime.task.InUse;
import io.levada.runtime.task.TransformChain;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.FailurePolicy.Outcome;
import io.levada.runtime.task.errors.FailurePolicy.Subject;
import io.levada.runtime.task.errors.Stage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.connect.data.SchemaAndValue;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.sink.SinkRecord;
import org.apache.kafka.connect.storage.Converter;
import org.jspecify.annotations.Nullable;

/**
 * The way of a record from the bytes that were read to a sink task.
 *
 * @param policy what to do with one that cannot go it
 */
record SinkRecords(TransformChain<SinkRecord> transforms, Converters converters, FailurePolicy policy) {
    /** What is to be put; null if the record is dropped, by a transform or as a tolerated failure. */
    @Nullable
    SinkRecord prepare(ConsumerRecord<byte[], byte[]> consumed) throws InterruptedException {
        Subject subject = new Subject(() -> where(consumed), consumed);
        Outcome<SchemaAndValue> key = policy.run(
                Stage.KEY_CONVERTER,
                converters.key().className(),
                subject,
                () -> data(converters.key(), consumed, consumed.key()));
        if (key.skipped()) {
            return null;
        }
        Outcome<SchemaAndValue> value = policy.run(
                Stage.VALUE_CONVERTER,
                converters.value().className(),
                subject,
                () -> data(converters.value(), consumed, consumed.value()));
        if (value.skipped()) {
            return null;
        }
        Outcome<ConnectHeaders> headers = hasHeaders(consumed)
                ? policy.run(Stage.HEADER_CONVERTER, converters.header().className(), subject, () -> headers(consumed))
                : new Outcome<>(false, new ConnectHeaders());
        if (headers.skipped()) {
            return null;
        }
        SinkRecord converted = converted(consumed, known(key.result()), known(value.result()), headers.result());
        return transforms
                .apply(new DeliveredRecord(converted, consumed), policy, subject)
                .result();
    }

    private static @Nullable SchemaAndValue data(
            InUse<Converter> by, ConsumerRecord<byte[], byte[]> consumed, byte @Nullable [] bytes) {
        return by.call(converter -> converter.toConnectData(consumed.topic(), consumed.headers(), bytes));
    }

    private static SchemaAndValue known(@Nullable SchemaAndValue converted) {
        return converted == null ? SchemaAndValue.NULL : converted;
    }

    private static SinkRecord converted(
            ConsumerRecord<byte[], byte[]> consumed,
            SchemaAndValue key,
            SchemaAndValue value,
            @Nullable ConnectHeaders headers) {
        return new SinkRecord(
                consumed.topic(),
                consumed.partition(),
                key.schema(),
                key.value(),
                value.schema(),
                value.value(),
                consumed.offset(),
                consumed.timestamp() < 0 ? null : consumed.timestamp(),
                consumed.timestampType(),
                headers);
    }

    private static boolean hasHeaders(ConsumerRecord<byte[], byte[]> consumed) {
        return consumed.headers().iterator().hasNext();
    }

    private ConnectHeaders headers(ConsumerRecord<byte[], byte[]> consumed) {
        ConnectHeaders headers = new ConnectHeaders();
        for (Header header : consumed.headers()) {
            headers.add(
                    header.key(),
                    converters
                            .header()
                            .call(converter ->
                                    converter.toConnectHeader(consumed.topic(), header.key(), header.value())));
        }
        return headers;
    }

    static String where(ConsumerRecord<byte[], byte[]> consumed) {
        return "the record at " + consumed.topic() + "-" + consumed.partition() + " offset " + consumed.offset();
    }
}
