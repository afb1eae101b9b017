/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static io.levada.cli.CommandLineRun.levada;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.cli.CommandLineRun;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What keeps a broker from starting is one clear error and exit code 1, without a stack trace. */
final class BrokerCommandTest {
    @TempDir
    Path folder;

    @Test
    void anOccupiedPortIsNamed() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertFails(
                    broker("broker.listeners=PLAINTEXT://127.0.0.1:" + taken.getLocalPort()),
                    "" + taken.getLocalPort());
        }
    }

    @Test
    void aListenerThatOthersCanReachIsRefused() {
        assertFails(broker("broker.listeners=PLAINTEXT://0.0.0.0:0"), "0.0.0.0:0", "broker.insecure=true");
    }

    @Test
    void anUnknownKeyIsNamedWithTheNearestOne() {
        assertFails(broker("broker.listners=PLAINTEXT://localhost:0"), "broker.listners", "broker.listeners");
    }

    @Test
    void aDataDirThatIsAFileIsNamed() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertFails(
                levada("broker", "-o", "data.dir=" + file, "-o", "broker.listeners=PLAINTEXT://localhost:0"), "file");
    }

    @Test
    void aMissingPropertiesFileIsNamed() {
        assertFails(levada("broker", "--config", "none.properties"), "none.properties", "no such file");
    }

    @Test
    void anOptionWithoutAValueIsAWrongUse() {
        assertThat(levada("broker", "-o", "data.dir").exitCode()).isEqualTo(2);
    }

    private CommandLineRun broker(String option) {
        return levada("broker", "-o", "data.dir=" + folder.resolve("data"), "-o", option);
    }

    private static void assertFails(CommandLineRun run, String... mentions) {
        assertThat(run.exitCode()).isEqualTo(1);
        assertThat(run.err()).startsWith("levada: ").contains(mentions).doesNotContain("\tat ");
        assertThat(run.err().lines()).hasSizeLessThanOrEqualTo(4);
    }
}
