/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.plugins.PluginNotFoundException;
import io.levada.runtime.task.errors.RecordFailedException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Which failures no restart can heal: a class that is not installed, a config that makes no sense, a record that its
 * converter or transform can never take. In doubt a failure is not one of them, because one restart too many costs
 * little and one too few leaves data standing.
 */
final class FatalCause {
    /** A record's failure that consists of these alone comes from the record. By name: plugins bring classes of their own. */
    private static final List<String> OF_THE_RECORD = List.of(
            "java.lang.",
            "java.nio.charset.",
            "java.time.",
            "com.fasterxml.jackson.",
            DataException.class.getName(),
            "org.apache.kafka.connect.errors.SchemaBuilderException",
            SerializationException.class.getName());

    private FatalCause() {}

    /**
     * Why a restart cannot heal it; empty if one may.
     *
     * @param config the connector's; what comes out of a config provider may be another value tomorrow
     */
    static Optional<String> of(KnownFailure failure, Map<String, @Nullable String> config) {
        List<Throwable> chain = failure.causes();
        if (failure.mayPass()) {
            return Optional.empty();
        }
        if (chain.stream().anyMatch(FatalCause::isMissingClass)) {
            return Optional.of("a class that is missing does not appear while the worker runs");
        }
        if (chain.stream().anyMatch(ConfigException.class::isInstance)
                && chain.stream().noneMatch(FatalCause::isOfTheWorld)
                && config.values().stream().noneMatch(value -> value != null && value.contains("${"))) {
            return Optional.of("the same config fails in the same way again");
        }
        return isPoison(chain)
                ? Optional.of("the same record fails in the same way again; errors.tolerance=all skips such records")
                : Optional.empty();
    }

    private static boolean isMissingClass(Throwable cause) {
        return cause instanceof LinkageError
                || cause instanceof ClassNotFoundException
                || cause instanceof PluginNotFoundException;
    }

    /** A client that cannot be made reports an unknown host as a ConfigException inside a plain KafkaException. */
    private static boolean isOfTheWorld(Throwable cause) {
        return cause instanceof IOException
                || isOfADatabase(cause)
                || cause instanceof TimeoutException
                || cause.getClass() == KafkaException.class;
    }

    /** By name: JDBC's types are the business of connectors. */
    private static boolean isOfADatabase(Throwable cause) {
        for (Class<?> type = cause.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getName().equals("java.sql.SQLException")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isPoison(List<Throwable> chain) {
        for (int place = 0; place < chain.size() - 1; place++) {
            if (chain.get(place) instanceof RecordFailedException) {
                Throwable cause = chain.get(place + 1);
                return (cause instanceof DataException || cause instanceof SerializationException)
                        && chain.subList(place + 1, chain.size()).stream().allMatch(FatalCause::isOfTheRecord);
            }
        }
        return false;
    }

    private static boolean isOfTheRecord(Throwable cause) {
        String name = cause.getClass().getName();
        return OF_THE_RECORD.stream().anyMatch(name::startsWith);
    }
}
