/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import io.levada.cli.server.Installation;
import io.levada.runtime.Worker;
import io.levada.runtime.config.WorkerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * Does a little of everything in a folder of its own and ends, so that a JVM told to archive the classes it loaded archives those
 * that a start needs. The start script calls it once for each JDK; it never takes longer than {@link #TIME_MAX}.
 */
@Command(
        name = "warm-up",
        hidden = true,
        header = {
            "Prepares the class archive that shortens the start of servers, and ends.",
            "",
            "  levada warm-up   in the build of an image",
            ""
        })
final class WarmUp implements Callable<Integer> {
    private static final Duration TIME_MAX = Duration.ofSeconds(60);
    private static final int TOO_LONG = 124;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        endInTime();
        Path folder = Files.createTempDirectory("levada-warm-up");
        try {
            warmUp(folder, spec.commandLine());
            return 0;
        } finally {
            delete(folder);
        }
    }

    private static void warmUp(Path folder, CommandLine command) {
        WorkerConfig config = WorkerConfig.from(Map.of(
                "listeners", "http://localhost:0",
                "broker.listeners", "PLAINTEXT://localhost:0",
                "data.dir", folder.toString()));
        try (Worker worker = Worker.start(config, Installation.plugins())) {
            String bootstrap = "--bootstrap-server=" + worker.bootstrapServers();
            String url = "--url=http://localhost:" + worker.restPort();
            for (List<String> words : List.of(
                    List.of("--help"),
                    List.of("connectors", "list", url),
                    List.of("plugins", "list", url),
                    List.of("topics", "create", "warm", bootstrap),
                    List.of("topics", "describe", "warm", bootstrap),
                    List.of("topics", "list", bootstrap),
                    List.of("consume", "warm", "--from-beginning", "--timeout", "1", bootstrap))) {
                run(words, command); // one that fails costs a few classes, not the archive
            }
        }
    }

    private static void run(List<String> words, CommandLine command) {
        int ignored = Levada.run(command.getOut(), command.getErr(), Map.of(), words.toArray(String[]::new));
    }

    private static void endInTime() {
        Thread watchdog = new Thread(
                () -> {
                    try {
                        TimeUnit.NANOSECONDS.sleep(TIME_MAX.toNanos());
                        Runtime.getRuntime().halt(TOO_LONG);
                    } catch (InterruptedException ignored) {
                        // Nobody interrupts it; and if so, nothing is left to watch.
                    }
                },
                "warm-up-watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
