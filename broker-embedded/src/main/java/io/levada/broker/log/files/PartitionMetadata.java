/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.Uuid;

/** {@code partition.metadata}: the lines {@code version: 0} and {@code topic_id: <id>}, which tells a topic from its namesakes (KIP-516). */
public final class PartitionMetadata {
    /** Its name. */
    public static final String FILE = "partition.metadata";

    private static final String TOPIC_ID = "topic_id: ";

    private PartitionMetadata() {}

    public static void write(Path folder, Uuid topicId) throws IOException {
        AtomicFile.write(folder, FILE, List.of("version: 0", TOPIC_ID + topicId));
    }

    /** The topic's id; {@link Uuid#ZERO_UUID} where Kafka wrote the folder before it knew ids. */
    public static Uuid read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> line.startsWith(TOPIC_ID))
                    .map(line -> Uuid.fromString(line.substring(TOPIC_ID.length())))
                    .findFirst()
                    .orElseThrow(() -> new CorruptIndexException(file, "it has no line " + TOPIC_ID));
        } catch (NoSuchFileException e) {
            return Uuid.ZERO_UUID;
        } catch (IllegalArgumentException e) {
            throw new IOException("cannot read the topic id in " + file, e);
        }
    }
}
