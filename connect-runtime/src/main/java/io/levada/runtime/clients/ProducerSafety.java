/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Keeps the order of a connector's records where somebody has changed what it rests on. Kafka's producer gives up its
 * idempotence without a word when {@code acks} or {@code retries} are weakened, and five requests in flight may then
 * overtake each other; Kafka Connect itself sends one at a time.
 */
final class ProducerSafety {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerSafety.class);

    private static final String ACKS = ProducerConfig.ACKS_CONFIG;
    private static final String RETRIES = ProducerConfig.RETRIES_CONFIG;
    private static final String IDEMPOTENCE = ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG;
    private static final String IN_FLIGHT = ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION;
    /** What brokers remember of an idempotent producer, for each partition. */
    private static final int IDEMPOTENT_IN_FLIGHT_MAX = 5;

    private final Map<String, Object> settings;
    private final UnaryOperator<String> origin;

    /**
     * @param settings of a producer, from all sources; changed in place
     * @param origin the key by which its user has set a setting
     */
    ProducerSafety(Map<String, Object> settings, UnaryOperator<String> origin) {
        this.settings = settings;
        this.origin = origin;
    }

    /** Throws {@link ConfigException} that names both keys if idempotence is asked for and made impossible. */
    void apply() {
        String asked = text(IDEMPOTENCE).toLowerCase(Locale.ROOT);
        if (asked.equals("true")) {
            refuse(ACKS, waitsForFew(), "all");
            refuse(RETRIES, neverRetries(), "more than 0");
        }
        if (asked.equals("false")) {
            oneAtATime(IDEMPOTENCE);
        } else if (waitsForFew()) {
            oneAtATime(ACKS);
        } else if (neverRetries()) {
            oneAtATime(RETRIES);
        } else {
            atMostFive();
        }
        if (waitsForFew()) {
            LOGGER.atWarn()
                    .addKeyValue(origin.apply(ACKS), settings.get(ACKS))
                    .log(
                            "records that only one broker holds, or none, count as delivered, and are lost with it; acks=all, the default, waits");
        }
    }

    /** Transactions need idempotence, whatever was asked for. */
    void applyForTransactions() {
        Map<String, Boolean> weakened = new LinkedHashMap<>();
        weakened.put(IDEMPOTENCE, text(IDEMPOTENCE).equalsIgnoreCase("false"));
        weakened.put(ACKS, waitsForFew());
        weakened.put(RETRIES, neverRetries());
        weakened.values().removeIf(is -> !is);
        if (!weakened.isEmpty()) {
            LoggingEventBuilder event = LOGGER.atWarn();
            for (String setting : weakened.keySet()) {
                event = event.addKeyValue(origin.apply(setting), settings.get(setting));
            }
            event.log(
                    "acks=all, retries and enable.idempotence=true are used all the same: exactly-once delivery needs them;"
                            + " exactly.once.source.support=disabled in the worker's properties delivers at least once");
        }
        settings.put(IDEMPOTENCE, "true");
        settings.put(ACKS, "all");
        if (neverRetries()) {
            settings.remove(RETRIES);
        }
        atMostFive();
    }

    private void refuse(String setting, boolean contradicts, String needed) {
        if (contradicts) {
            throw new ConfigException(
                    origin.apply(setting),
                    settings.get(setting),
                    "Contradicts " + origin.apply(IDEMPOTENCE) + "=true, which needs " + needed
                            + ": leave one of the two out");
        }
    }

    /** Without retries nothing is sent again, so that nothing can be overtaken: then what was asked for stays. */
    private void oneAtATime(String why) {
        settings.put(IDEMPOTENCE, "false");
        if (settings.containsKey(IN_FLIGHT) && (inFlight() <= 1 || neverRetries())) {
            return;
        }
        LoggingEventBuilder event = LOGGER.atWarn().addKeyValue(origin.apply(why), settings.getOrDefault(why, "false"));
        if (settings.containsKey(IN_FLIGHT)) {
            event = event.addKeyValue(origin.apply(IN_FLIGHT), settings.get(IN_FLIGHT));
        }
        settings.put(IN_FLIGHT, "1");
        event.log("without idempotence one request at a time is sent, so that none overtakes another: this is slower;"
                + " leave the key out, and five are in flight and keep their order");
    }

    private void atMostFive() {
        if (inFlight() > IDEMPOTENT_IN_FLIGHT_MAX) {
            LOGGER.atWarn()
                    .addKeyValue(origin.apply(IN_FLIGHT), settings.get(IN_FLIGHT))
                    .log("5 requests are in flight at most, as brokers keep the order of no more");
            settings.put(IN_FLIGHT, String.valueOf(IDEMPOTENT_IN_FLIGHT_MAX));
        }
    }

    private boolean waitsForFew() {
        String acks = text(ACKS);
        return acks.equals("0") || acks.equals("1");
    }

    private boolean neverRetries() {
        return number(RETRIES, Integer.MAX_VALUE) == 0;
    }

    private int inFlight() {
        return number(IN_FLIGHT, IDEMPOTENT_IN_FLIGHT_MAX);
    }

    /** What is no number is refused by the producer itself, which names the setting. */
    private int number(String setting, int fallback) {
        try {
            return settings.containsKey(setting) ? Integer.parseInt(text(setting)) : fallback;
        } catch (NumberFormatException ignored) {
            return fallback;
        }
    }

    private String text(String setting) {
        return String.valueOf(settings.getOrDefault(setting, "")).strip();
    }
}
