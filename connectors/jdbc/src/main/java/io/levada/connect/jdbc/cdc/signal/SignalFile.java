/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.jdbc.cdc.event.TakenSignals;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signals of a file, one a line. The file is taken by giving it a number, {@code FILE.0} and so on, and removed when what it asks for
 * is stored: so one that is written meanwhile is another, and one that was being taken in a crash is taken again.
 */
final class SignalFile implements SignalChannel {

    private static final Logger LOGGER = LoggerFactory.getLogger(SignalFile.class);

    private final Path file;
    private final Duration interval;
    private final Deque<Arrived> lines = new ArrayDeque<>();
    private long next;

    /** Begins at 0: any that were stored may have been left by a crash, and must not be there when numbers begin anew. */
    private long removed;

    private @Nullable String trouble;
    private @Nullable Long lookedAtNanos;

    /** @param interval between two looks */
    SignalFile(Path file, Duration interval, TakenSignals from) {
        this.file = file;
        this.interval = interval;
        this.next = from.filesOf(file.toString());
    }

    @Override
    public @Nullable Arrived next(TakenSignals stored) {
        long now = System.nanoTime();
        if (lines.isEmpty() && (lookedAtNanos == null || now - lookedAtNanos >= interval.toNanos())) {
            lookedAtNanos = now;
            try {
                for (; removed < stored.filesOf(file.toString()); removed++) {
                    if (holdsSignals(numbered(removed))) {
                        Files.delete(numbered(removed));
                    }
                }
                look();
                trouble = null;
            } catch (IOException e) {
                if (!Objects.equals(trouble, e.toString())) {
                    trouble = e.toString();
                    LOGGER.atWarn()
                            .addKeyValue("file", file)
                            .addKeyValue("error", trouble)
                            .log("signals of a file cannot be taken; trying again and again");
                }
            }
        }
        return lines.poll();
    }

    private void look() throws IOException {
        while (Files.exists(numbered(next)) && !holdsSignals(numbered(next))) {
            next++; // somebody else's
        }
        Path taken = numbered(next);
        if (!Files.exists(taken)) {
            if (!Files.isRegularFile(file) || Files.size(file) == 0) {
                return;
            }
            if (!holdsSignals(file)) {
                throw new IOException(
                        file + " is left alone: its first line is no JSON object with a type, as a signal is");
            }
            Files.move(file, taken, StandardCopyOption.ATOMIC_MOVE);
        }
        String text = new String(Files.readAllBytes(taken), StandardCharsets.UTF_8);
        next++;
        long behind = next;
        for (String line : text.lines().filter(each -> !each.isBlank()).toList()) {
            lines.add(new Arrived(line, taken.toString(), UnaryOperator.identity()));
        }
        Arrived last = lines.pollLast();
        if (last != null) {
            // Only with the last: a crash before it brings those before it again.
            lines.add(new Arrived(last.json(), last.where(), signals -> signals.upToFile(file.toString(), behind)));
        }
    }

    /** Any file of the worker's may be named by mistake: one of another kind stays where it is, and nothing of it is told. */
    private static boolean holdsSignals(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return false;
        }
        // Bytes as they are: a file of another kind need not be text.
        try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            String first = reader.readLine();
            while (first != null && first.isBlank()) {
                first = reader.readLine();
            }
            return isSignal(Objects.requireNonNullElse(first, ""));
        }
    }

    private static boolean isSignal(String line) {
        String json = line.strip();
        return json.startsWith("{") && json.endsWith("}") && json.contains("\"type\"");
    }

    private Path numbered(long number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() {
        lines.clear();
    }
}
