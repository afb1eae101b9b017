/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Nearest;
import io.levada.cli.terminal.Problem;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.BootstrapResolutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NetworkException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.SslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;

/** What a failure of the Kafka client means for the person at the terminal. */
final class KafkaProblem {
    /** Java puts the name of an alert into the text of its own failed check of the server's certificate too. */
    private static final Pattern WANTS_CERTIFICATE =
            Pattern.compile("Received fatal alert: (bad_certificate|certificate_required|certificate_unknown)");

    private KafkaProblem() {}

    static Problem from(String action, BrokerAddress address, Exception failure) {
        Throwable cause = cause(failure);
        if (cause instanceof Problem problem) {
            return problem;
        }
        Throwable store = unreadableStore(failure);
        if (store != null) {
            return new Problem(
                    ExitCode.INVALID,
                    "cannot " + action,
                    store.getMessage() + ": " + whyUnreadable(cause),
                    "Correct location, password and type of ssl.truststore, or of ssl.keystore, in the file of --command-config.",
                    cause);
        }
        int code = code(cause);
        // Something accepts connections, or this would have ended before a client was made.
        return code == ExitCode.UNREACHABLE
                ? new Problem(
                        code,
                        "cannot " + action,
                        "no answer from a broker at " + address.servers() + " (from " + address.source()
                                + "): something listens there, but it does not speak Kafka's protocol as asked ("
                                + cause.getMessage() + ")",
                        "Is it the port of another service? If it wants TLS or a password, say so in a file for --command-config.",
                        cause)
                : new Problem(code, "cannot " + action, reason(cause), remedy(cause, code), cause);
    }

    static boolean isMissingTopic(Exception failure) {
        return cause(failure) instanceof UnknownTopicOrPartitionException;
    }

    /** @param names the topics that were asked for; those of {@code existing} are not the reason */
    static Problem missingTopic(String action, Collection<String> names, Collection<String> existing) {
        List<String> missing =
                names.stream().filter(name -> !existing.contains(name)).toList();
        String name = missing.isEmpty() ? String.join(", ", names) : missing.get(0);
        String near = Nearest.question(name, existing, "'");
        return new Problem(
                ExitCode.NOT_FOUND,
                "cannot " + action,
                "there is no topic '" + name + "'." + (near.isEmpty() ? "" : " " + near),
                "'levada topics list' shows what there is.");
    }

    /** Whether nobody leads a partition. */
    static boolean isOffline(@Nullable Node leader) {
        return leader == null || leader.isEmpty();
    }

    /** Those of a topic's partitions that nobody leads: on one node, because their files are damaged. */
    static Problem offline(String action, Collection<Integer> partitions) {
        boolean isOne = partitions.size() == 1;
        return new Problem(
                ExitCode.FAILURE,
                "cannot " + action,
                (isOne ? "partition " : "partitions ")
                        + partitions.stream().map(Object::toString).collect(Collectors.joining(", "))
                        + (isOne ? " is offline" : " are offline"),
                "The broker's log says why; on its machine 'levada storage verify DATA_DIR' does too.");
    }

    /** What really happened, without those that only passed it on. */
    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean passesOn = failure instanceof ExecutionException
                || failure instanceof CompletionException
                || failure.getClass() == KafkaException.class;
        return passesOn && cause != null ? cause(cause) : failure;
    }

    /** What kafka-clients throw of a key store or trust store that cannot be read, whatever the reason; null for all else. */
    private static @Nullable Throwable unreadableStore(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause.getClass() == KafkaException.class
                    && String.valueOf(cause.getMessage()).matches("Failed to load (PEM )?SSL .*")) {
                return cause;
            }
        }
        return null;
    }

    private static String whyUnreadable(Throwable cause) {
        if (cause instanceof NoSuchFileException) {
            return "there is no such file"; // Java's message is the file alone
        }
        return reason(cause).contains("UnrecoverableKeyException") ? "its password is another" : reason(cause);
    }

    /** Whether the broker wants a certificate of the client, and got none or none that it trusts. */
    private static boolean wantsCertificate(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SSLException
                    && WANTS_CERTIFICATE
                            .matcher(String.valueOf(cause.getMessage()))
                            .find()) {
                return true;
            }
        }
        return false;
    }

    private static int code(Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException || cause instanceof GroupIdNotFoundException) {
            return ExitCode.NOT_FOUND;
        }
        if (cause instanceof TopicExistsException) {
            return ExitCode.CONFLICT;
        }
        // Kafka has these two below InvalidConfigurationException.
        if (cause instanceof AuthenticationException || cause instanceof AuthorizationException) {
            return ExitCode.UNAUTHORISED;
        }
        if (cause instanceof UnsupportedVersionException) {
            return ExitCode.FAILURE;
        }
        if (cause instanceof InvalidTopicException
                || cause instanceof InvalidPartitionsException
                || cause instanceof InvalidReplicationFactorException
                || cause instanceof InvalidConfigurationException
                || cause instanceof InvalidRequestException
                || cause instanceof PolicyViolationException
                || cause instanceof RecordTooLargeException
                || cause instanceof ConfigException) {
            return ExitCode.INVALID;
        }
        return cause instanceof TimeoutException
                        || cause instanceof DisconnectException
                        || cause instanceof NetworkException
                        || cause instanceof BootstrapResolutionException
                ? ExitCode.UNREACHABLE
                : ExitCode.FAILURE;
    }

    private static String reason(Throwable cause) {
        if (cause instanceof UnknownTopicOrPartitionException) {
            return "there is no such topic or partition"; // Kafka's words speak of the server that hosts it
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String remedy(Throwable cause, int code) {
        if (cause instanceof SslAuthenticationException && wantsCertificate(cause)) {
            return "The broker lets in who shows a certificate that it trusts: name yours by ssl.keystore.location and"
                    + " ssl.keystore.password in a file for --command-config.";
        }
        if (cause instanceof SslAuthenticationException) {
            return "Say which certificates to trust by ssl.truststore.location in a file for --command-config.";
        }
        if (cause instanceof ConfigException) {
            return "Correct it in the file of --command-config.";
        }
        if (cause instanceof UnsupportedVersionException) {
            return "The broker is too old for it, or does not serve it.";
        }
        return switch (code) {
            case ExitCode.NOT_FOUND -> "'levada topics list' and 'levada groups list' show what there is.";
            case ExitCode.CONFLICT -> "'levada topics describe' with its name shows what is there.";
            case ExitCode.INVALID -> "Correct it and try again.";
            case ExitCode.UNAUTHORISED ->
                "Give credentials, of somebody who may do this, in a file for --command-config.";
            default -> "LEVADA_DEBUG=1 or --debug shows where it came from.";
        };
    }
}
