/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.validation;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.threads.Interruption;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.source.ConnectorTransactionBoundaries;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.jspecify.annotations.Nullable;

/** Rules that look at more than one key: the topics of a sink (KIP-215, KIP-298), the promises of a source (KIP-618). */
final class DirectionRules {
    private final Map<String, ConfigValue> values;
    private final Map<String, @Nullable String> config;

    /** @param values by key; rules add their errors there */
    DirectionRules(Map<String, ConfigValue> values, Map<String, @Nullable String> config) {
        this.values = values;
        this.config = config;
    }

    void check(Connector connector, boolean exactlyOnce) {
        if (connector instanceof SourceConnector source) {
            exactlyOnce(source, exactlyOnce);
            transactionBoundary(source);
        } else {
            topics();
        }
    }

    private void topics() {
        String topics = text("topics");
        String regex = text("topics.regex");
        String deadLetters = text("errors.deadletterqueue.topic.name");
        if (topics.isBlank() == regex.isBlank()) {
            String message = topics.isBlank()
                    ? "Must configure one of topics or topics.regex"
                    : "topics and topics.regex are mutually exclusive options, but both are set.";
            error("topics", message);
            error("topics.regex", message);
        } else if (!deadLetters.isEmpty()) {
            deadLetters(deadLetters, topics, regex);
        }
    }

    private void deadLetters(String deadLetters, String topics, String regex) {
        if (!topics.isBlank()) {
            if (Pattern.compile(",").splitAsStream(topics).map(String::trim).anyMatch(deadLetters::equals)) {
                error(
                        "topics",
                        "The DLQ topic '" + deadLetters + "' may not be included in the list of topics ('topics="
                                + topics + "') consumed by the connector");
            }
        } else if (isValid("topics.regex") && Pattern.matches(regex, deadLetters)) {
            error(
                    "topics.regex",
                    "The DLQ topic '" + deadLetters + "' may not be matched by the regex for the topics"
                            + " ('topics.regex=" + regex + "') consumed by the connector");
        }
    }

    private void exactlyOnce(SourceConnector source, boolean workerOffers) {
        if (!text("exactly.once.support").toLowerCase(Locale.ROOT).equals("required")
                || !isValid("exactly.once.support")) {
            return;
        }
        if (!workerOffers) {
            error(
                    "exactly.once.support",
                    "This worker does not have exactly-once source support enabled. Its operator can set"
                            + " exactly.once.source.support=enabled; with requested the connector delivers at least once.");
            return;
        }
        ask(
                "exactly.once.support",
                () -> source.exactlyOnceSupport(withoutNulls()),
                answer -> answer == null
                        ? "The connector does not say whether it supports exactly-once delivery. If its documentation says that it"
                                + " does, set requested, which does not ask."
                        : answer == ExactlyOnceSupport.SUPPORTED
                                ? null
                                : "The connector does not support exactly-once delivery with this configuration.");
    }

    private void transactionBoundary(SourceConnector source) {
        if (!text("transaction.boundary").toLowerCase(Locale.ROOT).equals("connector")
                || !isValid("transaction.boundary")) {
            return;
        }
        ask(
                "transaction.boundary",
                () -> source.canDefineTransactionBoundaries(withoutNulls()),
                answer -> answer == ConnectorTransactionBoundaries.SUPPORTED
                        ? null
                        : "The connector does not define transaction boundaries with this configuration; use poll or interval.");
    }

    /** Tells the error in an answer, null for none. */
    private interface Judge<T> {
        @Nullable
        String error(@Nullable T answer);
    }

    private <T> void ask(String key, Supplier<@Nullable T> question, Judge<T> judge) {
        try {
            String message = judge.error(question.get());
            if (message != null) {
                error(key, message);
            }
        } catch (Throwable e) { // any error of the plugin is part of the answer
            Interruption.keep(e);
            error(key, "The connector failed when it was asked: " + FailureText.of(e));
        }
    }

    private Map<String, String> withoutNulls() {
        Map<String, String> plain = new java.util.HashMap<>();
        config.forEach((key, value) -> {
            if (value != null) {
                plain.put(key, value);
            }
        });
        return plain;
    }

    private String text(String key) {
        return Settings.text(config, key, "");
    }

    private boolean isValid(String key) {
        ConfigValue value = values.get(key);
        return value == null || value.errorMessages().isEmpty();
    }

    private void error(String key, String message) {
        values.computeIfAbsent(key, ConfigValue::new).addErrorMessage(message);
    }
}
