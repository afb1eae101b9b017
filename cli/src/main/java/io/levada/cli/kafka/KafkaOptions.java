/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which broker to speak to, and how. */
final class KafkaOptions {
    private static final int API_TIMEOUT_MS = 15_000;
    private static final int REQUEST_TIMEOUT_MS = 7_000;
    private static final String DEFAULT = "localhost:9092";

    @Option(
            names = "--bootstrap-server",
            paramLabel = "HOST:PORT",
            description = "The broker (default: LEVADA_BOOTSTRAP, then " + DEFAULT + ").")
    private @Nullable String bootstrapServer;

    @Option(
            names = "--command-config",
            paramLabel = "FILE",
            description = "Client properties such as security.protocol; the place for secrets.")
    private @Nullable Path properties;

    String bootstrapServers() {
        if (bootstrapServer != null) {
            return bootstrapServer;
        }
        String fromEnvironment = System.getenv("LEVADA_BOOTSTRAP");
        return fromEnvironment == null || fromEnvironment.isBlank() ? DEFAULT : fromEnvironment;
    }

    /** What every client here is made with; the caller adds its own. */
    Properties clientProperties() {
        Properties client = new Properties();
        client.put(CommonClientConfigs.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MS);
        client.put(CommonClientConfigs.REQUEST_TIMEOUT_MS_CONFIG, REQUEST_TIMEOUT_MS);
        client.put(CommonClientConfigs.CLIENT_ID_CONFIG, "levada-cli");
        if (properties != null) {
            try (InputStream in = Files.newInputStream(properties)) {
                client.load(in);
            } catch (IOException failure) {
                throw new Problem(ExitCode.FAILURE, "cannot read " + properties, String.valueOf(failure), "", failure);
            }
        }
        client.put(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers());
        return client;
    }

    /** @param action what is attempted, for the message of a failure: "list topics" */
    <T> T withAdmin(String action, AdminCall<T> call) {
        try (Admin admin = Admin.create(clientProperties())) {
            return call.on(admin);
        } catch (Exception failure) {
            throw KafkaProblem.from(action, bootstrapServers(), failure);
        }
    }

    /** A call that may fail as Kafka's futures do. */
    @FunctionalInterface
    interface AdminCall<T> {
        T on(Admin admin) throws Exception;
    }
}
