/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What one task reads of a table that several share, as the connector writes it into the task's configuration: the share, how many there
 * are, and the ranges, in a form that no provider of configurations takes for a reference. For example
 * {@code 0;4;id;250000,500000,750000;999999;} for a first load up to a number, with a moment in milliseconds in the last place for one up
 * to that, and with neither in mode bulk.
 *
 * @param share from 0; the first also follows the table once it is loaded
 * @param proposed the ranges, unless offsets hold others already, which then count: the shares are of those
 */
public record AssignedRanges(int share, int shares, Ranges proposed) {

    /** The key in the task's configuration; absent if the task shares no table. */
    public static final String KEY = "table.ranges";

    private static final int FIELDS = 6;

    String write() {
        JdbcOffset upto = proposed.upto();
        return Stream.of(
                        share,
                        shares,
                        encoded(proposed.column()),
                        proposed.bounds().stream().map(AssignedRanges::encoded).collect(Collectors.joining(",")),
                        upto.incrementing() == null ? "" : upto.incrementing(),
                        upto.timestamp() == null ? "" : upto.timestamp().toEpochMilli())
                .map(String::valueOf)
                .collect(Collectors.joining(";"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Reads what {@link #write} wrote. */
    public static AssignedRanges read(String text) {
        List<String> fields = List.of(text.split(";", FIELDS));
        JdbcOffset upto = new JdbcOffset(
                fields.get(4).isEmpty() ? null : Long.valueOf(fields.get(4)),
                fields.get(5).isEmpty() ? null : Instant.ofEpochMilli(Long.parseLong(fields.get(5))));
        return new AssignedRanges(
                Integer.parseInt(fields.get(0)),
                Integer.parseInt(fields.get(1)),
                new Ranges(
                        decoded(fields.get(2)),
                        Stream.of(fields.get(3).split(",", -1))
                                .map(AssignedRanges::decoded)
                                .toList(),
                        upto));
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    /** The numbers of the ranges that are the share's. */
    IntStream of(Ranges ranges) {
        return IntStream.range(0, ranges.count()).filter(range -> range % shares == share);
    }
}
