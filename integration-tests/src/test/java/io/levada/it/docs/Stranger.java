/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.it.testkit.Interruptible;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Somebody who types a page's commands into a shell, in a folder, one block after the other; what stays is ended by {@link #close}. */
final class Stranger implements AutoCloseable {

    private static final Duration BLOCK_MAX = Duration.ofMinutes(5);
    private static final Duration END_MAX = Duration.ofMinutes(2);

    private final Path folder;
    private final Map<String, String> environment;
    private final Map<String, String> addresses;
    private final List<Process> staying = new ArrayList<>();
    private int typed;

    /** @param addresses what stands on the page, and what is meant here: the ports that nobody else uses */
    Stranger(Path folder, Map<String, String> environment, Map<String, String> addresses) {
        this.folder = folder;
        this.environment = Map.copyOf(environment);
        this.addresses = Map.copyOf(addresses);
    }

    void types(CommandBlock block) throws IOException, InterruptedException {
        switch (block.mark().kind()) {
            case NOT_RUN -> {}
            case RUN -> run(block);
            case STAYS -> startAndAwait(block);
            case INTERRUPTED -> interrupt(block, startAndAwait(block));
        }
    }

    private void run(CommandBlock block) throws IOException, InterruptedException {
        if (!block.mark().eventually()) {
            expectEnd(block);
            return;
        }
        long deadline = System.nanoTime() + BLOCK_MAX.toNanos();
        while (true) {
            try {
                expectEnd(block);
                return;
            } catch (AssertionError notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
                TimeUnit.MILLISECONDS.sleep(500);
            }
        }
    }

    private void expectEnd(CommandBlock block) throws IOException, InterruptedException {
        Path output = nextOutput();
        Process process = start(block, output);
        if (!process.waitFor(BLOCK_MAX.toSeconds(), TimeUnit.SECONDS)) {
            end(process);
            throw new AssertionError(told(block, output) + "\nstill running after " + BLOCK_MAX);
        }
        assertThat(process.exitValue())
                .as(told(block, output))
                .isEqualTo(block.mark().exitCode());
        assertPrinted(block, output);
    }

    private static void assertPrinted(CommandBlock block, Path output) throws IOException {
        String printed = Files.readString(output);
        assertThat(block.mark().prints())
                .as(told(block, output))
                .allSatisfy(text -> assertThat(printed).contains(text));
    }

    private Process startAndAwait(CommandBlock block) throws IOException {
        Path output = nextOutput();
        Process process = start(block, output);
        staying.add(process);
        await().atMost(BLOCK_MAX).untilAsserted(() -> {
            if (!process.isAlive()) {
                throw new IllegalStateException(told(block, output) + "\nended with " + process.exitValue());
            }
            assertPrinted(block, output);
        });
        return process;
    }

    /** Ctrl-C reaches everything that the shell started. */
    private static void interrupt(CommandBlock block, Process shell) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("kill", "-INT"));
        try (Stream<ProcessHandle> started = shell.descendants()) {
            started.forEach(process -> command.add(String.valueOf(process.pid())));
        }
        new ProcessBuilder(command).start().waitFor();
        assertThat(shell.waitFor(END_MAX.toSeconds(), TimeUnit.SECONDS))
                .as("%s ends on Ctrl-C", block.place())
                .isTrue();
    }

    private Process start(CommandBlock block, Path output) throws IOException {
        String script = block.script();
        for (Map.Entry<String, String> address : addresses.entrySet()) {
            script = script.replace(address.getKey(), address.getValue());
        }
        ProcessBuilder command = new ProcessBuilder(Interruptible.command("sh", "-ec", script))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(output.toFile());
        command.environment().putAll(environment);
        return command.start();
    }

    private Path nextOutput() {
        return folder.resolveSibling("output-" + typed++ + ".txt");
    }

    private static String told(CommandBlock block, Path output) throws IOException {
        return block.place() + "\n" + block.script() + "\n--- printed:\n" + Files.readString(output);
    }

    @Override
    public void close() {
        staying.forEach(Stranger::end);
    }

    /** The shell ends when what it started has. */
    private static void end(Process shell) {
        List<ProcessHandle> started;
        try (Stream<ProcessHandle> descendants = shell.descendants()) {
            started = descendants.toList();
        }
        started.forEach(ProcessHandle::destroy);
        shell.destroy();
        try {
            await().atMost(END_MAX)
                    .until(() -> !shell.isAlive() && started.stream().noneMatch(ProcessHandle::isAlive));
        } finally {
            started.forEach(ProcessHandle::destroyForcibly);
            shell.destroyForcibly();
        }
    }
}
