/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.Checkpoint;
import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a partition's offsets may jump from one segment to the next. Compaction leaves jumps, and so does a repair that took out what was damaged; any
 * other means that a segment is missing. Both note the jump before they make it, in the partition's own folder: a policy may change, and the cleaner's
 * checkpoint is written after its work.
 */
public final class OffsetGaps {
    /** In the partition's folder: entries {@code <first missing offset> <next offset>}. What compaction has rewritten is one entry that begins at 0. */
    static final String FILE = "repaired-offsets-checkpoint";

    /** Anything goes. */
    public static final OffsetGaps ANY = new OffsetGaps(Long.MAX_VALUE, List.of());

    private final long compactedTo;
    private final List<Gap> noted;

    private record Gap(long from, long to) {
        private boolean covers(Gap other) {
            return from <= other.from && other.to <= to;
        }
    }

    private OffsetGaps(long compactedTo, List<Gap> noted) {
        this.compactedTo = compactedTo;
        this.noted = noted;
    }

    /**
     * Reads what was noted.
     *
     * @param compactedTo below this offset the partition was compacted once, as the cleaner's checkpoint says
     */
    public static OffsetGaps of(Path folder, long compactedTo) throws IOException {
        return read(folder).map(noted -> new OffsetGaps(compactedTo, noted)).orElse(ANY);
    }

    /** Empty if the file cannot be understood: as it is there, so were jumps, and each may be one of them. */
    private static Optional<List<Gap>> read(Path folder) throws IOException {
        List<Gap> noted = new ArrayList<>();
        try {
            for (String[] entry : Checkpoint.read(folder.resolve(FILE), 2)) {
                noted.add(new Gap(Long.parseLong(entry[0]), Long.parseLong(entry[1])));
            }
            return Optional.of(noted);
        } catch (CorruptIndexException | NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** Notes that nothing is to be expected between two offsets any more; on disk on return. */
    public static void add(Path folder, long from, long to) throws IOException {
        Gap added = new Gap(from, to);
        List<Gap> noted = read(folder).orElse(null);
        if (noted == null || noted.stream().anyMatch(known -> known.covers(added))) {
            return;
        }
        List<String> entries = new ArrayList<>();
        for (Gap known : noted) {
            if (!added.covers(known)) {
                entries.add(known.from + " " + known.to);
            }
        }
        entries.add(from + " " + to);
        Checkpoint.write(folder, FILE, entries);
    }

    /** Notes that compaction, ours or another broker's, is about to rewrite or has rewritten what is below {@code to}. */
    public static void addCompacted(Path folder, long to) throws IOException {
        add(folder, 0, to);
    }

    /** Whether a segment that begins at {@code next} may follow one that ends before {@code end}. */
    public boolean allow(long end, long next) {
        return end == next
                || (end < next
                        && (next <= compactedTo
                                || noted.stream().anyMatch(gap -> gap.from <= end && end <= gap.to && next <= gap.to)));
    }
}
