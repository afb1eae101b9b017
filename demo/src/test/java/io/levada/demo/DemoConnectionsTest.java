/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoConnectionsTest {

    @TempDir
    private Path folder;

    @Test
    void secretsAreMadeOnceAndForTheOwnerAlone() throws IOException {
        Path file = folder.resolve("connections.properties");
        DemoConnections first = DemoConnections.open(file);
        DemoConnections second = DemoConnections.open(file);

        assertThat(second.postgresPassword())
                .isEqualTo(first.postgresPassword())
                .hasSize(32);
        assertThat(second.s3SecretKey()).isEqualTo(first.s3SecretKey()).isNotEqualTo(first.postgresPassword());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void thePortOfTheLastRunIsKeptWhileItIsFree() throws IOException {
        int free = LoopbackPort.freeOr(0);
        assertThat(LoopbackPort.freeOr(free)).isEqualTo(free);
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThat(LoopbackPort.freeOr(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
        }
    }

    @Test
    void aPortThatIsNoneCountsAsNone() throws IOException {
        Path file = Files.writeString(folder.resolve("connections.properties"), "postgres.port=99999\ns3.port=abc\n");
        DemoConnections connections = DemoConnections.open(file);
        assertThat(connections.postgresPort()).isBetween(1, 65_535);
        assertThat(connections.s3Port()).isBetween(1, 65_535);
    }

    @Test
    void theWorkersOwnConfigProvidersStay() throws IOException {
        Path file = folder.resolve("connections.properties");
        DemoConnections connections = DemoConnections.open(file);
        Map<String, String> worker = new HashMap<>(Map.of("config.providers", "mine"));

        connections.provideTo(worker);

        assertThat(worker).containsEntry("config.providers", "mine,demo");
        assertThat(connections.reference("postgres.url")).isEqualTo("${demo:" + file + ":postgres.url}");
    }

    @Test
    void aFolderThatAReferenceCannotNameIsRefused() {
        assertThatThrownBy(() -> DemoConnections.open(folder.resolve("a:b").resolve("connections.properties")))
                .isInstanceOf(DemoProblem.class)
                .hasMessageContaining("a:b");
    }
}
