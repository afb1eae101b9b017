/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Compares the rows of the table with what arrived in the topic, the file and S3. Nothing that goes wrong in looking is thrown: it is
 * one of the findings.
 */
final class Audit implements AutoCloseable {

    private static final int IDS_SHOWN_MAX = 10;

    private final Observed topic;
    private final Observed file;
    private final Observed s3;
    private final S3Rows objects;

    Audit(Place topic, Place file, S3Rows s3) {
        this.topic = new Observed(topic);
        this.file = new Observed(file);
        this.s3 = new Observed(s3);
        this.objects = s3;
    }

    /**
     * How many rows there are by now. Each place is looked at before the one that its rows come from, so that no figure is ahead of
     * that one's.
     *
     * @param rows how many are in the table, asked last
     */
    Progress progress(LongSupplier rows) {
        long objectLines = s3.look().total();
        long lines = file.look().total();
        long records = topic.look().total();
        return new Progress(rows.getAsLong(), records, lines, objectLines, objects.objects());
    }

    /** What the user should hear at once: places that cannot be looked at, once each, and not for a single failure. */
    List<String> news() {
        return places().map(Observed::news).flatMap(Optional::stream).toList();
    }

    /** Whether each row had arrived everywhere, at least once, by the last look. */
    boolean complete(BitSet rows) {
        return places().allMatch(place -> place.rows().missing(rows).isEmpty());
    }

    /** Rows that had not arrived by the last look, a part of a sentence for each place; empty when all had. */
    List<String> underWay(BitSet rows) {
        return places().filter(place -> !place.rows().missing(rows).isEmpty())
                .map(place -> String.format(
                        "%,d not yet in %s", place.rows().missing(rows).cardinality(), place.name()))
                .toList();
    }

    /** What is wrong: rows that are missing somewhere, and {@link #faults}. Empty when all is well. */
    List<String> findings(BitSet rows) {
        List<String> findings = new ArrayList<>();
        places().forEach(place -> {
            BitSet missing = place.rows().missing(rows);
            if (!missing.isEmpty()) {
                findings.add(missing.cardinality() + " rows are not in " + place.name() + ": id " + ids(missing));
            }
        });
        findings.addAll(faults());
        return findings;
    }

    /** What no waiting mends: rows that are somewhere more than once, what is no row, places that could not be looked at. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        places().forEach(place -> {
            if (place.rows().repeated() > 0) {
                faults.add(place.rows().repeated() + " rows are in " + place.name() + " more than once");
            }
            // Torn lines of the file do not count: a kill leaves them, and the row follows whole.
            if (place != file && place.rows().strange() > 0) {
                faults.add(place.rows().strange() + " things in " + place.name() + " are no rows of the table");
            }
            place.trouble().ifPresent(faults::add);
        });
        return faults;
    }

    @Override
    public void close() {
        places().forEach(Observed::close);
    }

    private Stream<Observed> places() {
        return Stream.of(topic, file, s3);
    }

    private static String ids(BitSet missing) {
        String ids = missing.stream()
                .limit(IDS_SHOWN_MAX)
                .mapToObj(Integer::toString)
                .collect(Collectors.joining(", "));
        return ids + (missing.cardinality() > IDS_SHOWN_MAX ? ", ..." : "");
    }
}
