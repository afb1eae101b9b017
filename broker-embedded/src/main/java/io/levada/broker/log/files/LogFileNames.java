/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;

/** How Kafka names files and folders: a segment's files by its first offset in 20 digits, a partition's folder {@code <topic>-<partition>}. */
public final class LogFileNames {
    public static final String LOG = ".log";
    public static final String OFFSET_INDEX = ".index";
    public static final String TIME_INDEX = ".timeindex";
    public static final String TRANSACTION_INDEX = ".txnindex";
    public static final String SNAPSHOT = ".snapshot";
    public static final String DELETED = ".deleted";
    /** A segment that compaction is still writing: nothing depends on it. */
    public static final String CLEANED = ".cleaned";
    /** A segment that compaction has written whole and forced: it takes the place of those in its range. */
    public static final String SWAP = ".swap";

    public static final String DELETED_FOLDER = "-delete";
    public static final String NEW_FOLDER = ".new";
    /** As Kafka names a folder that belongs to no topic of the cluster. */
    public static final String STRAY_FOLDER = "-stray";

    /** The metadata quorum of an Apache Kafka node that used this directory: not a topic, left alone. */
    private static final String CLUSTER_METADATA = "__cluster_metadata";

    /** What is rebuilt from the log file where it is missing. */
    public static final List<String> INDEXES = List.of(OFFSET_INDEX, TIME_INDEX, TRANSACTION_INDEX);

    /** What a segment has besides its log file, and what goes with it. */
    public static final List<String> BESIDE_THE_LOG = List.of(OFFSET_INDEX, TIME_INDEX, TRANSACTION_INDEX, SNAPSHOT);

    private static final int DIGITS = 20;

    private LogFileNames() {}

    public static Path file(Path folder, long baseOffset, String suffix) {
        return folder.resolve(name(baseOffset, suffix));
    }

    /** A file's name in its folder. */
    public static String name(long baseOffset, String suffix) {
        String digits = Long.toString(baseOffset);
        return "0".repeat(DIGITS - digits.length()) + digits + suffix;
    }

    /** The offset in a file's name, when the name is 20 digits and {@code suffix}. */
    public static OptionalLong offset(Path file, String suffix) {
        return offset(file.getFileName().toString(), suffix);
    }

    /** As above for the name alone. */
    public static OptionalLong offset(String name, String suffix) {
        if (name.length() != DIGITS + suffix.length() || !name.endsWith(suffix)) {
            return OptionalLong.empty();
        }
        String digits = name.substring(0, DIGITS);
        return digits.chars().allMatch(c -> c >= '0' && c <= '9') && digits.startsWith("0")
                ? OptionalLong.of(Long.parseLong(digits))
                : OptionalLong.empty();
    }

    /** Where the segments of a partition's folder begin, in their order. */
    public static List<Long> baseOffsets(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> offset(file, LOG))
                    .filter(OptionalLong::isPresent)
                    .map(OptionalLong::getAsLong)
                    .sorted()
                    .toList();
        }
    }

    /** The partition whose folder this is, or empty for anything else. */
    public static Optional<TopicPartition> partition(Path folder) {
        String name = folder.getFileName().toString();
        int dash = name.lastIndexOf('-');
        String number = name.substring(dash + 1);
        if (dash < 1
                || number.isEmpty()
                || number.length() > 9
                || !number.chars().allMatch(c -> c >= '0' && c <= '9')
                || name.substring(0, dash).equals(CLUSTER_METADATA)) {
            return Optional.empty();
        }
        return Optional.of(new TopicPartition(name.substring(0, dash), Integer.parseInt(number)));
    }
}
