/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.signal;

import io.levada.connect.jdbc.cdc.event.TakenSignals;
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
    private long removed;
    private @Nullable String trouble;
    private @Nullable Long lookedAtNanos;

    /** @param interval between two looks */
    SignalFile(Path file, Duration interval, TakenSignals from) {
        this.file = file;
        this.interval = interval;
        this.next = from.files();
        this.removed = Math.max(0, from.files() - 1); // it may have been stored, and not removed any more
    }

    @Override
    public @Nullable Arrived next(TakenSignals stored) {
        long now = System.nanoTime();
        if (lines.isEmpty() && (lookedAtNanos == null || now - lookedAtNanos >= interval.toNanos())) {
            lookedAtNanos = now;
            try {
                for (; removed < stored.files(); removed++) {
                    boolean unused = Files.deleteIfExists(numbered(removed));
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
        Path taken = numbered(next);
        if (!Files.exists(taken)) {
            if (!Files.isRegularFile(file) || Files.size(file) == 0) {
                return;
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
            lines.add(new Arrived(last.json(), last.where(), signals -> signals.upToFile(behind)));
        }
    }

    private Path numbered(long number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    @Override
    public void close() {
        lines.clear();
    }
}
