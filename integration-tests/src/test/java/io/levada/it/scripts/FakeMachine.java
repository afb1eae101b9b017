/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.scripts;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.it.testkit.Interruptible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A machine on which only the commands it is given exist: {@code PATH} is one folder of ours. A fake command writes down that it was
 * called, and with what.
 */
final class FakeMachine {

    /** What our scripts take for granted of any POSIX system. */
    private static final List<String> POSIX_TOOLS = List.of(
            "sh", "bash", "env", "cat", "dirname", "grep", "head", "mkdir", "mktemp", "mv", "rm", "sed", "sort", "tr",
            "sleep", "awk", "getconf");

    private static final long END_MAX_SECONDS = 120;

    private final Path folder;
    private final Map<String, String> environment = new LinkedHashMap<>();

    FakeMachine(Path folder) throws IOException {
        this.folder = folder;
        Files.createDirectories(folder.resolve("bin"));
        Files.createDirectories(folder.resolve("home"));
        for (String tool : POSIX_TOOLS) {
            executable(folder.resolve("bin").resolve(tool), "exec '" + real(tool) + "' \"$@\"");
        }
        environment.put("PATH", folder.resolve("bin").toString());
        environment.put("HOME", folder.resolve("home").toString());
    }

    /** A command that notes its call and then runs {@code script}. */
    FakeMachine with(String command, String script) throws IOException {
        executable(
                folder.resolve("bin").resolve(command),
                "echo \"" + command + " $*\" >>'" + folder.resolve("calls") + "'\n" + script);
        return this;
    }

    FakeMachine set(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Path folder() {
        return folder;
    }

    /** Every call of a fake command, in order, as {@code command arguments}. */
    List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    Ended run(Path script, String... arguments) throws IOException, InterruptedException {
        Path output = Files.createTempFile(folder, "output", ".txt");
        return ended(start(output, script, arguments), output);
    }

    Process start(Path output, Path script, String... arguments) throws IOException {
        ProcessBuilder command = new ProcessBuilder(Interruptible.command(script.toString()));
        command.command().addAll(List.of(arguments));
        command.environment().clear();
        command.environment().putAll(environment);
        return command.redirectErrorStream(true).redirectOutput(output.toFile()).start();
    }

    static Ended ended(Process process, Path output) throws IOException, InterruptedException {
        assertThat(process.waitFor(END_MAX_SECONDS, TimeUnit.SECONDS))
                .as("it ends")
                .isTrue();
        return new Ended(process.exitValue(), Files.readString(output));
    }

    static void executable(Path file, String script) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path real(String tool) {
        for (String path : List.of("/bin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin")) {
            if (Files.isExecutable(Path.of(path, tool))) {
                return Path.of(path, tool);
            }
        }
        throw new IllegalStateException("this machine has no " + tool);
    }

    /** How a script ended, and all it printed. */
    record Ended(int exitCode, String output) {}
}
