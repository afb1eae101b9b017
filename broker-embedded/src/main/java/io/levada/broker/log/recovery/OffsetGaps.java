/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.Checkpoint;
import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a partition's offsets may jump from one segment to the next. Compaction leaves jumps, and so does a repair that took out what was damaged; any
 * other means that a segment is missing.
 */
public final class OffsetGaps {
    /** What a repair took out, in the partition's folder: entries {@code <first missing offset> <next offset>}. */
    static final String FILE = "repaired-offsets-checkpoint";

    /** Anything goes. */
    public static final OffsetGaps ANY = new OffsetGaps(Long.MAX_VALUE, List.of());

    private final long compactedTo;
    private final List<Gap> repaired;

    private record Gap(long from, long to) {}

    private OffsetGaps(long compactedTo, List<Gap> repaired) {
        this.compactedTo = compactedTo;
        this.repaired = repaired;
    }

    /**
     * Reads what repairs have noted.
     *
     * @param compactedTo below this offset the partition was compacted once
     */
    public static OffsetGaps of(Path folder, long compactedTo) throws IOException {
        Path file = folder.resolve(FILE);
        if (!Files.exists(file)) {
            return new OffsetGaps(compactedTo, List.of());
        }
        List<Gap> repaired = new ArrayList<>();
        try {
            for (String[] entry : Checkpoint.read(file, 2)) {
                repaired.add(new Gap(Long.parseLong(entry[0]), Long.parseLong(entry[1])));
            }
            return new OffsetGaps(compactedTo, repaired);
        } catch (CorruptIndexException | NumberFormatException e) {
            return ANY; // the file is there, so there was a repair, and a jump may be its work
        }
    }

    /** Notes that nothing is to be expected between two offsets any more; on disk on return. */
    public static void add(Path folder, long from, long to) throws IOException {
        List<String> entries = noted(folder.resolve(FILE));
        entries.add(from + " " + to);
        Checkpoint.write(folder, FILE, entries);
    }

    private static List<String> noted(Path file) throws IOException {
        List<String> entries = new ArrayList<>();
        try {
            for (String[] entry : Checkpoint.read(file, 2)) {
                entries.add(Long.parseLong(entry[0]) + " " + Long.parseLong(entry[1]));
            }
        } catch (CorruptIndexException | NumberFormatException e) {
            return new ArrayList<>(List.of("0 " + Long.MAX_VALUE)); // as it was read until now: anything goes
        }
        return entries;
    }

    /** Whether a segment that begins at {@code next} may follow one that ends before {@code end}. */
    public boolean allow(long end, long next) {
        return end == next
                || next <= compactedTo
                || repaired.stream().anyMatch(gap -> gap.from <= end && end <= gap.to && next <= gap.to);
    }
}
