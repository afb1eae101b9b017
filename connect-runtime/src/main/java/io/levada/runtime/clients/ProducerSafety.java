/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Keeps the order of a connector's records where somebody has changed what it rests on. Kafka's producer gives up its
 * idempotence without a word when {@code acks} or {@code retries} are weakened, and five requests in flight may then
 * overtake each other; Kafka Connect itself sends one at a time.
 */
public final class ProducerSafety {
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

    /**
     * Where a connector's overrides and the worker's settings ask for idempotence and make it impossible: settings of the connector's, each
     * with what is wrong, in words that name both keys. If all of it is the worker's own doing, the settings are those that the connector could
     * set right.
     *
     * @param worker the worker's own settings of producers, without prefix
     * @param connector the connector's overrides, without prefix
     */
    public static Map<String, List<String>> contradictions(
            Map<String, String> worker, Map<String, ? extends Object> connector) {
        Map<String, Object> settings = new HashMap<>(worker);
        settings.putAll(connector);
        ProducerSafety producer = new ProducerSafety(settings, origin(connector.keySet()));
        Map<String, List<String>> found = new TreeMap<>();
        producer.contradictions().forEach(refused -> {
            String message = String.valueOf(producer.refusal(refused).getMessage());
            boolean asks = connector.containsKey(IDEMPOTENCE);
            if (asks) {
                found.computeIfAbsent(IDEMPOTENCE, setting -> new ArrayList<>()).add(message);
            }
            if (!asks || connector.containsKey(refused.setting())) {
                found.put(refused.setting(), List.of(message));
            }
        });
        return found;
    }

    /**
     * Names keys as whoever set them wrote them.
     *
     * @param overridden settings that are the connector's, without prefix; the others are the worker's
     */
    static UnaryOperator<String> origin(Set<String> overridden) {
        return setting ->
                (overridden.contains(setting) ? OverrideRequest.prefix(ClientType.PRODUCER) : "producer.") + setting;
    }

    /** Throws {@link ConfigException} that names both keys if idempotence is asked for and made impossible. */
    void apply() {
        List<Contradiction> contradictions = contradictions();
        if (!contradictions.isEmpty()) {
            throw refusal(contradictions.get(0));
        }
        if (text(IDEMPOTENCE).equalsIgnoreCase("false")) {
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

    /** A setting with which there is no idempotence, though it is asked for, and what it would have to be. */
    private record Contradiction(String setting, String needed) {}

    private List<Contradiction> contradictions() {
        List<Contradiction> found = new ArrayList<>();
        if (text(IDEMPOTENCE).equalsIgnoreCase("true")) {
            if (waitsForFew()) {
                found.add(new Contradiction(ACKS, "all"));
            }
            if (neverRetries()) {
                found.add(new Contradiction(RETRIES, "more than 0"));
            }
        }
        return found;
    }

    private ConfigException refusal(Contradiction refused) {
        return new ConfigException(
                origin.apply(refused.setting()),
                settings.get(refused.setting()),
                "Contradicts " + origin.apply(IDEMPOTENCE) + "=true, which needs " + refused.needed()
                        + ": leave one of the two out");
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
