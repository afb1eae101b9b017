/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.protocol.Errors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ErrorCodesTest {
    static Stream<Arguments> table() {
        return Stream.of(
                Arguments.of(new RecordTooLargeException("x"), Errors.MESSAGE_TOO_LARGE),
                Arguments.of(new UnknownTopicOrPartitionException("x"), Errors.UNKNOWN_TOPIC_OR_PARTITION),
                Arguments.of(new ConfigException("x"), Errors.INVALID_CONFIG),
                Arguments.of(new IOException("x"), Errors.KAFKA_STORAGE_ERROR),
                Arguments.of(new UncheckedIOException(new IOException("x")), Errors.KAFKA_STORAGE_ERROR),
                Arguments.of(new RejectedExecutionException("x"), Errors.BROKER_NOT_AVAILABLE),
                Arguments.of(new IllegalArgumentException("x"), Errors.INVALID_REQUEST),
                Arguments.of(new IllegalStateException("x"), Errors.UNKNOWN_SERVER_ERROR));
    }

    @ParameterizedTest
    @MethodSource("table")
    void everyKindOfFailureHasItsCode(Throwable failure, Errors code) {
        assertThat(ErrorCodes.of(failure)).isEqualTo(code);
        assertThat(ErrorCodes.of(new CompletionException(failure))).isEqualTo(code);
        assertThat(ErrorCodes.of(new CompletionException(new ExecutionException(failure))))
                .isEqualTo(code);
    }

    @Test
    void everyErrorOfKafkasKeepsItsCode() {
        for (Errors error : Errors.values()) {
            if (error != Errors.NONE) {
                assertThat(ErrorCodes.of(error.exception())).isEqualTo(error);
            }
        }
    }

    @Test
    void unexpectedFailureTellsClientsNothingOfItself() {
        assertThat(ErrorCodes.describe(new IllegalStateException("the password is x"))
                        .message())
                .doesNotContain("password");
    }
}
