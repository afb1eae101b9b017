/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.BrokerNotAvailableException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.ApiError;

/** The one place where an exception becomes a Kafka error code. */
public final class ErrorCodes {
    private ErrorCodes() {}

    /** The code for {@code failure}. */
    public static Errors of(Throwable failure) {
        return Errors.forException(asApiException(failure));
    }

    /** Code and message for {@code failure}; an unexpected failure's message stays here, it may hold anything. */
    public static ApiError describe(Throwable failure) {
        ApiException known = asApiException(failure);
        return new ApiError(Errors.forException(known), known.getMessage());
    }

    /** {@code failure} in Kafka's own terms. */
    public static ApiException asApiException(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ApiException known) {
            return known;
        }
        if (cause instanceof ConfigException) {
            return new InvalidConfigurationException(cause.getMessage(), cause);
        }
        if (isOfTheDisk(cause)) {
            return new KafkaStorageException(cause.getMessage(), cause);
        }
        if (cause instanceof RejectedExecutionException) {
            return new BrokerNotAvailableException("the broker is closing", cause);
        }
        if (cause instanceof IllegalArgumentException) {
            return new InvalidRequestException(cause.getMessage(), cause);
        }
        return new UnknownServerException("unexpected failure, see the broker's log", cause);
    }

    /** Kafka's file classes wrap what the disk says into an exception of no kind. */
    private static boolean isOfTheDisk(Throwable cause) {
        return cause instanceof IOException
                || cause instanceof UncheckedIOException
                || (cause.getClass() == KafkaException.class && cause.getCause() instanceof IOException);
    }

    private static Throwable cause(Throwable failure) {
        Throwable inner = failure.getCause();
        boolean wrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return wrapped && inner != null ? cause(inner) : failure;
    }
}
