/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry;

import io.levada.registry.schemas.Compatibility;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/**
 * The registry's configuration, under Confluent's keys.
 *
 * @param listener where HTTP is served; port 0 takes a free one
 * @param insecure whether a listener that other machines reach is accepted, although nobody has to authenticate
 * @param timeout for each call to Kafka
 * @param clients properties of the Kafka clients: every key that starts with {@code kafkastore.}, without that
 */
public record RegistryConfig(
        URI listener,
        boolean insecure,
        String topic,
        short replicationFactor,
        Duration timeout,
        Compatibility compatibility,
        Map<String, Object> clients) {

    private static final String CLIENT_PREFIX = "kafkastore.";
    private static final String BOOTSTRAP_SERVERS = "kafkastore.bootstrap.servers";

    private static final ConfigDef CONFIG_DEF = new ConfigDef()
            .define(
                    "listeners",
                    ConfigDef.Type.STRING,
                    "http://localhost:8081",
                    ConfigDef.Importance.HIGH,
                    "Address of the HTTP interface.")
            .define(
                    "rest.insecure",
                    ConfigDef.Type.BOOLEAN,
                    false,
                    ConfigDef.Importance.MEDIUM,
                    "Accept a listener that other machines reach, although requests are not authenticated.")
            .define(
                    BOOTSTRAP_SERVERS,
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    new ConfigDef.NonEmptyString(),
                    ConfigDef.Importance.HIGH,
                    "Kafka brokers that hold the registry's topic. Other keys of Kafka's clients take the same prefix.")
            .define(
                    "kafkastore.topic",
                    ConfigDef.Type.STRING,
                    "_schemas",
                    new ConfigDef.NonEmptyString(),
                    ConfigDef.Importance.HIGH,
                    "The compacted topic that holds the schemas; created if missing.")
            .define(
                    "kafkastore.topic.replication.factor",
                    ConfigDef.Type.SHORT,
                    (short) -1,
                    ConfigDef.Importance.HIGH,
                    "Copies of that topic when it is created; -1 for the broker's default.")
            .define(
                    "kafkastore.timeout.ms",
                    ConfigDef.Type.INT,
                    10_000,
                    ConfigDef.Range.atLeast(1),
                    ConfigDef.Importance.MEDIUM,
                    "How long to wait for Kafka, at start and in each request.")
            .define(
                    "schema.compatibility.level",
                    ConfigDef.Type.STRING,
                    "backward",
                    ConfigDef.CaseInsensitiveValidString.in(
                            "none",
                            "backward",
                            "backward_transitive",
                            "forward",
                            "forward_transitive",
                            "full",
                            "full_transitive"),
                    ConfigDef.Importance.HIGH,
                    "Compatibility asked of a new schema where no request has set another.");

    public RegistryConfig {
        clients = Map.copyOf(clients);
    }

    /** @throws ConfigException if a key is missing or wrong */
    public static RegistryConfig from(Map<String, String> properties) {
        AbstractConfig config = new AbstractConfig(CONFIG_DEF, properties, false);
        return new RegistryConfig(
                listener(config.getString("listeners")),
                config.getBoolean("rest.insecure"),
                config.getString("kafkastore.topic"),
                config.getShort("kafkastore.topic.replication.factor"),
                Duration.ofMillis(config.getInt("kafkastore.timeout.ms")),
                Compatibility.named(config.getString("schema.compatibility.level")),
                clients(properties));
    }

    private static URI listener(String text) {
        try {
            URI uri = URI.create(text);
            if ("http".equals(uri.getScheme()) && uri.getHost() != null && uri.getPort() >= 0) {
                return uri;
            }
        } catch (IllegalArgumentException ignored) {
            // answered as any other text that is no address
        }
        throw new ConfigException("listeners", text, "must be one address such as http://localhost:8081");
    }

    private static Map<String, Object> clients(Map<String, String> properties) {
        Map<String, Object> clients = new HashMap<>();
        new TreeMap<>(properties).forEach((key, value) -> {
            boolean ownKey = CONFIG_DEF.names().contains(key) && !key.equals(BOOTSTRAP_SERVERS);
            if (key.startsWith(CLIENT_PREFIX) && !ownKey) {
                clients.put(key.substring(CLIENT_PREFIX.length()), value);
            }
        });
        return clients;
    }
}
