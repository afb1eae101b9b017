/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@link KilledBroker} over a folder and a port that outlive it. */
final class BrokerProcess implements AutoCloseable {
    private final Path data;
    private final int port;
    private Process process;

    /** Returns once it serves. */
    BrokerProcess(Path data, int port) throws IOException {
        this.data = data;
        this.port = port;
        this.process = start();
    }

    private Process start() throws IOException {
        Process started = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledBroker.class.getName(),
                        data.toString(),
                        Integer.toString(port)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        BufferedReader lines =
                new BufferedReader(new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("serving")) {
                return started;
            }
        }
        throw new IOException("the broker ended before it served");
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** SIGKILL, and a new life. */
    void killAndStartAgain() throws IOException {
        close();
        process = start();
    }

    @Override
    public void close() {
        process.toHandle().destroyForcibly();
        process.onExit().orTimeout(1, TimeUnit.MINUTES).join();
    }
}
