/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.files.Checkpoint;
import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One offset per partition of a data directory; the entries of the file are {@code <topic> <partition> <offset>}. */
public final class OffsetCheckpoint {
    /** Below these offsets everything was forced, and recovery need not look. */
    public static final String RECOVERY_POINT = "recovery-point-offset-checkpoint";
    /** Below these offsets records were deleted, though their segment is still there. */
    public static final String LOG_START = "log-start-offset-checkpoint";
    /** Below these offsets compaction has been, and offsets may jump. */
    public static final String COMPACTED = "cleaner-offset-checkpoint";

    /** No log comes so far; one that went on from there would come to the end of all offsets. */
    private static final long OFFSET_MAX = 1L << 62;

    private static final Logger LOGGER = LoggerFactory.getLogger(OffsetCheckpoint.class);

    private final Path directory;
    private final String name;

    public OffsetCheckpoint(Path directory, String name) {
        this.directory = directory;
        this.name = name;
    }

    /** Replaces the file; a recovery point may be -1, where nobody knows it. */
    public void write(Map<TopicPartition, Long> offsets) throws IOException {
        Map<String, Long> sorted = new TreeMap<>();
        offsets.forEach((partition, offset) -> sorted.put(partition.topic() + " " + partition.partition(), offset));
        List<String> entries = sorted.entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
        Checkpoint.write(directory, name, entries);
    }

    /** What was written; empty when the file is missing or cannot be understood, so that nobody knows. */
    public Optional<Map<TopicPartition, Long>> read() throws IOException {
        try {
            return parse();
        } catch (IOException e) {
            throw new IOException(
                    "cannot read " + directory.resolve(name) + " (" + e + "); let the broker's user read it"
                            + (name.equals(RECOVERY_POINT) ? ", or remove it, which makes the next start slower" : ""),
                    e);
        }
    }

    private Optional<Map<TopicPartition, Long>> parse() throws IOException {
        if (!Files.exists(directory.resolve(name))) {
            return Optional.empty();
        }
        Map<TopicPartition, Long> offsets = new HashMap<>();
        try {
            for (String[] entry : Checkpoint.read(directory.resolve(name), 3)) {
                offsets.put(new TopicPartition(entry[0], Integer.parseInt(entry[1])), offset(entry[2]));
            }
            return Optional.of(offsets);
        } catch (CorruptIndexException | NumberFormatException e) {
            // Kafka's brokers make the cleaner's empty, and leave it so until something was compacted.
            (Files.size(directory.resolve(name)) == 0 ? LOGGER.atDebug() : LOGGER.atWarn())
                    .addKeyValue("file", directory.resolve(name))
                    .addKeyValue("error", e.getMessage())
                    .log("checkpoint ignored, it cannot be understood");
            return Optional.empty();
        }
    }

    private long offset(String field) throws CorruptIndexException {
        long offset = Long.parseLong(field);
        if (offset < (name.equals(RECOVERY_POINT) ? -1 : 0) || offset > OFFSET_MAX) {
            throw new CorruptIndexException(directory.resolve(name), offset + " is no offset");
        }
        return offset;
    }
}
