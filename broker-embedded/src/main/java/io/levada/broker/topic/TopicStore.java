/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.file.DurableFile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/**
 * Topics on disk: one properties file each, {@code <name>.topic} beside the partitions' folders, with {@code version},
 * {@code id}, {@code partitions}, a {@code deleted} mark while its partitions are being removed, and the settings as
 * {@code config.<key>}. Plain files, because Kafka would refuse a data directory with a folder it does not know.
 *
 * <p>Every change is atomic and on disk when the method returns ({@link DurableFile}). Owned by the thread of
 * {@link Topics}.
 */
final class TopicStore {
    private static final String SUFFIX = ".topic";
    private static final String CONFIG = "config.";
    private static final String VERSION = "1";
    private final Path folder;

    TopicStore(Path folder) {
        this.folder = folder;
    }

    List<Stored> load() {
        List<Stored> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList()) {
                found.add(read(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the topics in " + folder, e);
        }
        return found;
    }

    void save(Topic topic) {
        write(topic, false);
    }

    /** Notes that the partitions of {@code topic} are being removed, so that a restart goes on with it. */
    void markDeleted(Topic topic) {
        write(topic, true);
    }

    void remove(Topic topic) {
        try {
            DurableFile.remove(fileOf(topic));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove topic " + topic.name() + " from " + folder, e);
        }
    }

    private void write(Topic topic, boolean deleted) {
        Properties properties = new Properties();
        properties.setProperty("version", VERSION);
        properties.setProperty("id", topic.id().toString());
        properties.setProperty("partitions", Integer.toString(topic.partitions()));
        properties.setProperty("deleted", Boolean.toString(deleted));
        topic.configs().forEach((key, value) -> properties.setProperty(CONFIG + key, value));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            properties.store(bytes, null);
            DurableFile.replace(fileOf(topic), bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store topic " + topic.name() + " in " + folder, e);
        }
    }

    private Path fileOf(Topic topic) {
        return folder.resolve(topic.name() + SUFFIX);
    }

    private static Stored read(Path file) throws IOException {
        Properties properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        String fileName = String.valueOf(file.getFileName());
        try {
            Map<String, String> configs = new TreeMap<>();
            properties.stringPropertyNames().stream()
                    .filter(key -> key.startsWith(CONFIG))
                    .forEach(key -> configs.put(key.substring(CONFIG.length()), properties.getProperty(key)));
            Topic topic = new Topic(
                    fileName.substring(0, fileName.length() - SUFFIX.length()),
                    Uuid.fromString(properties.getProperty("id", "")),
                    Integer.parseInt(properties.getProperty("partitions", "")),
                    configs);
            return new Stored(topic, Boolean.parseBoolean(properties.getProperty("deleted")));
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged; restore it from a backup, or remove it to drop the topic", e);
        }
    }

    /** A topic as found on disk. */
    record Stored(Topic topic, boolean deleted) {}
}
