/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** What a failure of the Kafka client means for the person at the terminal. */
final class KafkaProblem {
    private KafkaProblem() {}

    static Problem from(String action, String bootstrapServers, Exception failure) {
        Throwable cause =
                failure instanceof ExecutionException && failure.getCause() != null ? failure.getCause() : failure;
        if (cause instanceof Problem problem) {
            return problem;
        }
        if (cause instanceof KafkaException && cause.getCause() instanceof ConfigException config) {
            cause = config;
        }
        int code = code(cause);
        String reason = code == ExitCode.UNREACHABLE
                ? "no answer from a broker at " + bootstrapServers + " (" + cause.getMessage() + ")"
                : String.valueOf(cause.getMessage());
        return new Problem(code, "cannot " + action, reason, remedy(code), cause);
    }

    private static int code(Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException || cause instanceof GroupIdNotFoundException) {
            return ExitCode.NOT_FOUND;
        }
        if (cause instanceof TopicExistsException) {
            return ExitCode.CONFLICT;
        }
        if (cause instanceof InvalidTopicException
                || cause instanceof InvalidPartitionsException
                || cause instanceof InvalidReplicationFactorException
                || cause instanceof InvalidConfigurationException) {
            return ExitCode.INVALID;
        }
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return ExitCode.UNAUTHORISED;
        }
        return isTimeout(cause) ? ExitCode.UNREACHABLE : ExitCode.FAILURE;
    }

    /** Some calls of the admin client wrap what happened to each broker. */
    private static boolean isTimeout(@Nullable Throwable cause) {
        return cause instanceof TimeoutException || (cause instanceof KafkaException && isTimeout(cause.getCause()));
    }

    private static String remedy(int code) {
        return switch (code) {
            case ExitCode.UNREACHABLE ->
                "Start one with 'levada worker' or 'levada broker', or name another by --bootstrap-server.";
            case ExitCode.NOT_FOUND -> "'levada topics list' and 'levada groups list' show what there is.";
            case ExitCode.UNAUTHORISED -> "Give credentials in a file by --command-config.";
            default -> "";
        };
    }
}
