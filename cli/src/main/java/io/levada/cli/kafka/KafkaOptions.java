/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which broker to speak to, and how. */
final class KafkaOptions {
    private static final int API_TIMEOUT_MS = 15_000;
    private static final int REQUEST_TIMEOUT_MS = 7_000;
    private static final String DEFAULT = "localhost:9092";
    private static final String ENVIRONMENT = "LEVADA_BOOTSTRAP";

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "The broker (default: bootstrap.servers of the --command-config, then " + ENVIRONMENT
                    + ", then " + DEFAULT + ").")
    private @Nullable String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Client properties such as security.protocol; the place for secrets.")
    private @Nullable Path properties;

    /** What every client here is made with, once it is known that something listens there; the caller adds its own. */
    Properties clientProperties(String action) {
        Properties client = new Properties();
        client.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        client.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, "levada-cli");
        Properties read = read(action);
        read.stringPropertyNames().forEach(key -> client.put(key, read.getProperty(key)));
        BrokerAddress address = address(read);
        address.check(action);
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, address.servers());
        return client;
    }

    /** @param action what is attempted, for the message of a failure: "list topics" */
    <T> T withAdmin(String action, AdminCall<T> call) {
        try (Admin admin = Admin.create(clientProperties(action))) {
            return call.on(admin);
        } catch (Exception failure) {
            throw problem(action, failure);
        }
    }

    /** A call about topics that may not be there; then the message names those that are, where their names are near. */
    <T> T withAdmin(String action, Collection<String> topics, AdminCall<T> call) {
        return withAdmin(action, admin -> {
            try {
                return call.on(admin);
            } catch (Exception failure) {
                if (KafkaProblem.isMissingTopic(failure)) {
                    throw KafkaProblem.missingTopic(
                            action,
                            topics,
                            admin.listTopics(new ListTopicsOptions().listInternal(true))
                                    .names()
                                    .get());
                }
                throw failure;
            }
        });
    }

    /** What {@code failure} of a Kafka client means to whoever is at the terminal. */
    Problem problem(String action, Exception failure) {
        return KafkaProblem.from(action, address(read(action)), failure);
    }

    private BrokerAddress address(Properties read) {
        String inFile = read.getProperty(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG);
        return address(bootstrapServer, inFile, String.valueOf(properties), System.getenv());
    }

    /** The first of all that name a broker. */
    static BrokerAddress address(
            @Nullable String option, @Nullable String inFile, String file, Map<String, String> environment) {
        if (option != null) {
            return new BrokerAddress(option, "--bootstrap-server");
        }
        if (inFile != null) {
            return new BrokerAddress(inFile, file);
        }
        String named = environment.get(ENVIRONMENT);
        return named == null || named.isBlank()
                ? new BrokerAddress(DEFAULT, "the default")
                : new BrokerAddress(named, ENVIRONMENT);
    }

    private Properties read(String action) {
        Properties read = new Properties();
        if (properties == null) {
            return read;
        }
        try (InputStream in = Files.newInputStream(properties)) {
            read.load(in);
            return read;
        } catch (NoSuchFileException missing) {
            throw unreadable(action, "there is no file " + properties, missing);
        } catch (IOException | IllegalArgumentException failure) {
            throw unreadable(action, properties + " cannot be read: " + failure.getMessage(), failure);
        }
    }

    private static Problem unreadable(String action, String why, Exception cause) {
        return new Problem(
                ExitCode.FAILURE,
                "cannot " + action,
                why,
                "--command-config takes a properties file; its path is relative to "
                        + Path.of("").toAbsolutePath() + ".",
                cause);
    }

    /** A call that may fail as Kafka's futures do. */
    @FunctionalInterface
    interface AdminCall<T> {
        T on(Admin admin) throws Exception;
    }
}
