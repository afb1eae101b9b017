/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.Checkpoint;
import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which leader epoch wrote from which offset on ({@code leader-epoch-checkpoint}, entries {@code <epoch> <start offset>}).
 *
 * <p>There is one replica and no election. The epoch grows when recovery had to cut the log, so that consumers who had read further
 * notice (KIP-320). Changed during recovery only.
 */
public final class LeaderEpochs {
    public static final String FILE = "leader-epoch-checkpoint";

    private static final Logger LOGGER = LoggerFactory.getLogger(LeaderEpochs.class);

    private final Path folder;
    private final NavigableMap<Integer, Long> startOffsets = new ConcurrentSkipListMap<>();

    private LeaderEpochs(Path folder) {
        this.folder = folder;
    }

    /** Reads the file if it is there; one that is missing or cannot be understood begins anew with {@code fallbackEpoch}. */
    static LeaderEpochs open(Path folder, boolean present, int fallbackEpoch, long logStartOffset) throws IOException {
        LeaderEpochs epochs = new LeaderEpochs(folder);
        Path file = folder.resolve(FILE);
        try {
            // A power cut may leave it empty, as it is not forced when it is made.
            if (present && Files.size(file) > 0) {
                epochs.startOffsets.putAll(read(file));
            }
        } catch (CorruptIndexException e) {
            LOGGER.atWarn()
                    .setCause(e)
                    .addKeyValue("file", folder.resolve(FILE))
                    .log("leader epochs ignored, they cannot be understood");
        }
        if (epochs.startOffsets.isEmpty()) {
            epochs.startOffsets.put(Math.max(0, fallbackEpoch), logStartOffset);
            // Not forced: until the first cut there is nothing in it that the log does not tell.
            Files.write(folder.resolve(FILE), Checkpoint.lines(epochs.entries()));
        }
        return epochs;
    }

    /**
     * Reads such a file.
     *
     * @return the first offset of each epoch; none when the file is missing
     * @throws CorruptIndexException when it cannot be understood
     */
    public static Map<Integer, Long> read(Path file) throws IOException {
        Map<Integer, Long> startOffsets = new HashMap<>();
        try {
            for (String[] entry : Checkpoint.read(file, 2)) {
                int epoch = Integer.parseInt(entry[0]);
                long offset = Long.parseLong(entry[1]);
                // The last one that there is could not grow any more.
                if (epoch < 0 || epoch == Integer.MAX_VALUE || offset < 0) {
                    throw new CorruptIndexException(file, "epoch " + epoch + " cannot begin at offset " + offset);
                }
                startOffsets.put(epoch, offset);
            }
        } catch (NumberFormatException e) {
            throw new CorruptIndexException(file, "it holds no numbers");
        }
        return startOffsets;
    }

    /** Notes for a folder that no broker has opened yet which epoch it begins with. */
    public static void begin(Path folder, int epoch, long offset) throws IOException {
        Checkpoint.write(folder, FILE, List.of(epoch + " " + offset));
    }

    /** The log was cut: what comes from {@code endOffset} on is of a new epoch. */
    void cutAt(long endOffset) throws IOException {
        int next = current() + 1;
        startOffsets.values().removeIf(start -> start >= endOffset);
        startOffsets.put(next, endOffset);
        Checkpoint.write(folder, FILE, entries());
    }

    private List<String> entries() {
        return startOffsets.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }

    public int current() {
        return startOffsets.lastKey();
    }

    /**
     * Where the largest epoch that is at most {@code epoch} ends, as OffsetForLeaderEpoch asks. One older than all that are known ended where the first
     * of them begins; one that is yet to come is unknown.
     */
    public EpochEnd end(int epoch, long logEndOffset) {
        if (epoch < 0 || epoch > current()) {
            return EpochEnd.UNKNOWN;
        }
        Map.Entry<Integer, Long> known = startOffsets.floorEntry(epoch);
        if (known == null) {
            return new EpochEnd(epoch, startOffsets.firstEntry().getValue());
        }
        Map.Entry<Integer, Long> next = startOffsets.higherEntry(known.getKey());
        return new EpochEnd(known.getKey(), next == null ? logEndOffset : next.getValue());
    }
}
