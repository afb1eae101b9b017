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
 * Compares the changes of the table, as its journal has them, with what arrived in the topic, the file and S3. Nothing that goes wrong
 * in looking is thrown: it is one of the findings.
 */
final class Audit implements AutoCloseable {

    private static final int SHOWN_MAX = 10;

    private final Observed topic;
    private final Observed file;
    private final Observed s3;
    private final S3Changes objects;

    Audit(Place topic, Place file, S3Changes s3) {
        this.topic = new Observed(topic);
        this.file = new Observed(file);
        this.s3 = new Observed(s3);
        this.objects = s3;
    }

    /**
     * How many changes there are by now. Each place is looked at before the one that they come from, so that no figure is ahead of
     * that one's.
     *
     * @param changes how many were made, asked last
     */
    Progress progress(LongSupplier changes) {
        long objectLines = s3.look().total();
        long lines = file.look().total();
        long records = topic.look().total();
        return new Progress(changes.getAsLong(), records, lines, objectLines, objects.objects());
    }

    /** What the user should hear at once: places that cannot be looked at, once each, and not for a single failure. */
    List<String> news() {
        return places().map(Observed::news).flatMap(Optional::stream).toList();
    }

    /** Whether each change had arrived everywhere, at least once, by the last look. */
    boolean complete(BitSet changes) {
        return places().allMatch(place -> place.changes().missing(changes).isEmpty());
    }

    /** Changes that had not arrived by the last look, a part of a sentence for each place; empty when all had. */
    List<String> underWay(BitSet changes) {
        return places().filter(place -> !place.changes().missing(changes).isEmpty())
                .map(place -> String.format(
                        "%,d not yet in %s", place.changes().missing(changes).cardinality(), place.name()))
                .toList();
    }

    /** What is wrong: changes that are missing somewhere, and {@link #faults}. Empty when all is well. */
    List<String> findings(BitSet changes) {
        List<String> findings = new ArrayList<>();
        places().forEach(place -> {
            BitSet missing = place.changes().missing(changes);
            if (!missing.isEmpty()) {
                findings.add(missing.cardinality() + " changes are not in " + place.name() + ": " + numbers(missing));
            }
        });
        findings.addAll(faults());
        return findings;
    }

    /** What no waiting mends: changes that are somewhere more than once, what is no change, places that could not be looked at. */
    List<String> faults() {
        List<String> faults = new ArrayList<>();
        places().forEach(place -> {
            if (place.changes().repeated() > 0) {
                faults.add(place.changes().repeated() + " changes are in " + place.name() + " more than once");
            }
            // Torn lines of the file do not count: a kill leaves them, and the change follows whole.
            if (place != file && place.changes().strange() > 0) {
                faults.add(place.changes().strange() + " things in " + place.name() + " are no changes of the table");
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

    private static String numbers(BitSet missing) {
        String numbers = missing.stream()
                .limit(SHOWN_MAX)
                .mapToObj(ChangeNumber::toString)
                .collect(Collectors.joining(", "));
        return numbers + (missing.cardinality() > SHOWN_MAX ? ", ..." : "");
    }
}
