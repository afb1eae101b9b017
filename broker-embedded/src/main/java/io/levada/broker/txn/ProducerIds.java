/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.file.DurableFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Hands out producer ids, each once in the life of the data directory. They are taken from disk in blocks: a crash loses the rest of a block and
 * repeats none. Safe from any thread; may block on disk.
 */
public final class ProducerIds {
    private static final long BLOCK = 1000;
    /** Ids are counted from 0: a larger one was made up by a client, and would use up all that are left. */
    private static final long COUNTED_MAX = 1L << 62;

    private final Path file;
    private long next;
    private long blockEnd;

    /** Goes on after the last block noted in {@code dataDir/producer-ids}. */
    public ProducerIds(Path dataDir) {
        this.file = dataDir.resolve("producer-ids");
        try {
            next = Files.exists(file) ? Long.parseLong(Files.readString(file).trim()) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (NumberFormatException e) {
            throw new IllegalStateException(
                    file + " is damaged: it must hold the first producer id that was never given out", e);
        }
        blockEnd = next;
    }

    /** Whether none was ever given out from this directory: somebody else may have given out some. */
    public boolean isFirstUse() {
        return !Files.exists(file);
    }

    synchronized long take() {
        if (next == blockEnd) {
            long end = next + BLOCK;
            try {
                DurableFile.replace(file, Long.toString(end).getBytes(StandardCharsets.US_ASCII));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot reserve producer ids in " + file, e);
            }
            blockEnd = end;
        }
        return next++;
    }

    /** Never gives out {@code id}, or one below it: somebody has it, from another broker over the same folder. */
    public synchronized void passOver(long id) {
        if (id > COUNTED_MAX) {
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
