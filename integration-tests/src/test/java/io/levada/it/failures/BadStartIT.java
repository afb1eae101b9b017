/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.it.testkit.LevadaProcess;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A worker that cannot start ends with one error that names what is wrong and the way out, and without a stack trace. */
final class BadStartIT {

    private static final Duration END_MAX = Duration.ofMinutes(2);

    @TempDir
    private Path folder;

    @Test
    void occupiedRestPort() throws Exception {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            String output = failedStart("-o", "listeners=http://localhost:" + occupied.getLocalPort());

            assertThat(output).contains("localhost:" + occupied.getLocalPort()).contains("listeners");
        }
    }

    @Test
    void occupiedBrokerPort() throws Exception {
        try (ServerSocket occupied = new ServerSocket(0, 1, InetAddress.getByName("localhost"))) {
            String output = failedStart("-o", "broker.listeners=PLAINTEXT://localhost:" + occupied.getLocalPort());

            assertThat(output).contains("localhost:" + occupied.getLocalPort()).contains("broker.listeners");
        }
    }

    @Test
    void dataFolderThatCannotBeWritten() throws Exception {
        // A file where the folder should be: root may write in a read-only folder, so permissions would prove nothing.
        Path file = Files.writeString(folder.resolve("occupied"), "a file");

        String output = failedStart("-o", "data.dir=" + file);

        assertThat(output).contains(file.toString()).contains("data.dir");
    }

    @Test
    void malformedConnectorFile() throws Exception {
        Path json = Files.writeString(folder.resolve("broken.json"), "{\"name\": \"x\", ");

        String output = failedStart(json.toString());

        assertThat(output).contains("broken.json").containsIgnoringCase("json");
    }

    @Test
    void propertiesFileThatIsNotThere() {
        String output =
                failedStart("--config", folder.resolve("missing.properties").toString());

        assertThat(output).contains("missing.properties");
    }

    @Test
    void valueThatIsNotAllowed() {
        String output = failedStart("-o", "offset.flush.interval.ms=soon");

        assertThat(output).contains("offset.flush.interval.ms").contains("soon");
    }

    private String failedStart(String... arguments) {
        String[] defaults = {
            "worker",
            "-o",
            "data.dir=" + folder.resolve("data"),
            "-o",
            "listeners=http://localhost:0",
            "-o",
            "broker.listeners=PLAINTEXT://localhost:0"
        };
        String[] all = java.util.Arrays.copyOf(defaults, defaults.length + arguments.length);
        System.arraycopy(arguments, 0, all, defaults.length, arguments.length);
        try (LevadaProcess worker = LevadaProcess.run(folder, all)) {
            assertThat(worker.exitCode(END_MAX)).as(worker.output()).isIn(1, 2);
            assertThat(worker.output()).doesNotContain("\tat ");
            return worker.output();
        }
    }
}
