/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.file.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands out producer ids, each once in the life of the data directory. They are taken from disk in blocks: a crash loses the rest of a block and
 * repeats none. Safe from any thread; may block on disk.
 */
public final class ProducerIds {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerIds.class);
    private static final long BLOCK = 1000;
    /** Ids are counted from 0: a larger one was made up by a client, and would use up all that are left. */
    private static final long COUNTED_MAX = 1L << 62;
    /** More than were ever given to producers of which nothing tells: those that wrote nothing yet, or whose records are gone. */
    private static final long LEAP = 1L << 30;
    /** Never are so many given out for long. */
    private static final long IDS_PER_MS = 1024;

    private static final String END = "\n";

    private final Path file;
    private final boolean isNoted;
    private long next;
    private long blockEnd;

    /**
     * Goes on after the last block noted in {@code dataDir/producer-ids}; where that is missing or damaged, from 0 on.
     *
     * @throws UncheckedIOException when the file is there and cannot be read
     */
    public ProducerIds(Path dataDir) {
        this.file = dataDir.resolve("producer-ids");
        OptionalLong noted = read(file);
        isNoted = noted.isPresent();
        next = noted.orElse(0);
        blockEnd = next;
    }

    private static OptionalLong read(Path file) {
        if (!Files.exists(file)) {
            return OptionalLong.empty();
        }
        try {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            long noted = Long.parseLong(text.stripTrailing());
            // Without its end it may be the beginning of a larger number.
            boolean isWhole = text.endsWith(END) && noted >= 0 && noted <= COUNTED_MAX + BLOCK;
            return isWhole ? OptionalLong.of(noted) : OptionalLong.empty();
        } catch (NumberFormatException damaged) {
            return OptionalLong.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot read " + file + "; let the broker's user read it, or remove it: ids that the logs tell of"
                            + " are not given out again",
                    e);
        }
    }

    /** Whether the file tells what was given out. If not, nothing was, or it was lost, or another broker gave out some. */
    public boolean isNoted() {
        return isNoted;
    }

    /** Where the next ids are. */
    public Path file() {
        return file;
    }

    /**
     * Leaves out so many ids above those that were passed over that none can have been given out before, not after an earlier leap either.
     *
     * @param nowMs the time, which tells leaps apart
     * @return the first that will be given out
     */
    public synchronized long leap(long nowMs) {
        next = Math.max(Math.max(next, blockEnd) + LEAP, nowMs * IDS_PER_MS);
        blockEnd = next;
        try {
            DurableFile.replace(file, (next + END).getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("file", file)
                    .addKeyValue("error", e.toString())
                    .log("producer ids could not be noted, the next start leaves out as many once more");
        }
        return next;
    }

    synchronized long take() {
        if (next == blockEnd) {
            long end = next + BLOCK;
            try {
                DurableFile.replace(file, (end + END).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot reserve producer ids in " + file, e);
            }
            blockEnd = end;
        }
        return next++;
    }

    /** Never gives out {@code id}, or one below it: somebody has it. */
    public synchronized void passOver(long id) {
        if (id > COUNTED_MAX / 2) { // so that what is noted after a leap above it is still known for whole
            return;
        }
        if (id >= blockEnd) {
            // The block that is left behind was never given out from; the next take() reserves one from here on.
            next = id + 1;
            blockEnd = next;
        } else if (id >= next) {
            next = id + 1;
        }
    }
}
