/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The headers {@code __connect.errors.*} that Kafka Connect adds to a dead letter, texts in UTF-8 (KIP-298). What a plugin's exception says is told in
 * short if it is longer than {@link FailureText} tells, or cannot be had.
 */
final class DeadLetterHeaders {
    private static final String PREFIX = "__connect.errors.";

    private DeadLetterHeaders() {}

    static void addTo(Headers headers, Failure failure) {
        ConsumerRecord<byte[], byte[]> consumed = failure.consumed();
        if (consumed != null) {
            add(headers, "topic", consumed.topic());
            add(headers, "partition", Integer.toString(consumed.partition()));
            add(headers, "offset", Long.toString(consumed.offset()));
        }
        add(headers, "connector.name", failure.task().connector().value());
        add(headers, "task.id", Integer.toString(failure.task().task()));
        add(headers, "stage", failure.stage().name());
        add(headers, "class.name", failure.plugin());
        add(
                headers,
                "exception.class.name",
                MaskedFailure.original(failure.cause()).getClass().getName());
        add(headers, "exception.message", FailureText.message(failure.cause()));
        add(headers, "exception.stacktrace", FailureText.trace(failure.cause()));
    }

    private static void add(Headers headers, String name, @Nullable String value) {
        headers.add(PREFIX + name, value == null ? null : value.getBytes(UTF_8));
    }
}
