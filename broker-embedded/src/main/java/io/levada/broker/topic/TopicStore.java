/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import io.levada.broker.file.DamagedFileException;
import io.levada.broker.file.DurableFile;
import io.levada.broker.file.PropertiesFile;
import io.levada.broker.log.files.AsideFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Topics on disk: one properties file each, {@code <name>.topic} beside the partitions' folders, with {@code version}, {@code id}, {@code partitions},
 * {@code state} and the settings as {@code config.<key>}. Plain files, because Kafka would refuse a data directory with a folder it does not know.
 *
 * <p>Every change is atomic and on disk when the method returns ({@link PropertiesFile}). Owned by the thread of {@link Topics}.
 */
final class TopicStore {
    private static final Logger LOGGER = LoggerFactory.getLogger(TopicStore.class);
    private static final String SUFFIX = ".topic";
    private static final String DAMAGED = ".damaged";
    /** Also of one that was put aside, or of several. */
    private static final Pattern OF_A_TOPIC = Pattern.compile("(.+)[.]topic([.]damaged([.][0-9]+)?)?");

    private static final String CONFIG = "config.";
    private static final String VERSION = "1";
    private static final String TAKE_OVER = "take-over";
    private final Path folder;

    /** Where a topic is in its life. A crash leaves it in one of these; the next start goes on from there. */
    enum State {
        /** Its folders are being made. Nobody has been told of it: what is there of it goes. */
        CREATING,
        /** It serves. */
        LIVE,
        /** Its folders are being removed. */
        DELETING
    }

    /**
     * A topic as found on disk.
     *
     * @param growingTo how many partitions it was to get when the process ended; those it has in {@code topic} otherwise
     */
    record Stored(Topic topic, State state, int growingTo) {}

    TopicStore(Path folder) {
        this.folder = folder;
    }

    /**
     * All topics whose file can be understood. One that cannot is told and put aside, so that its folders are found without a topic.
     *
     * @throws UncheckedIOException when one cannot be read: what it says may be right
     */
    List<Stored> load() {
        List<Stored> found = new ArrayList<>();
        for (Path file : files()) {
            try {
                found.add(read(file));
            } catch (DamagedFileException | IllegalArgumentException e) {
                putAside(file, e);
            } catch (IOException e) {
                throw new UncheckedIOException(
                        "cannot read the topic file " + file
                                + "; let the broker's user read it, or restore it from a backup",
                        e);
            }
        }
        return found;
    }

    /** What {@link #load} finds, for who may not change anything yet: a file that cannot be understood is passed over. */
    List<Stored> peek() {
        List<Stored> found = new ArrayList<>();
        for (Path file : files()) {
            try {
                found.add(read(file));
            } catch (IOException | IllegalArgumentException toldByLoad) {
                LOGGER.atDebug().setCause(toldByLoad).addKeyValue("file", file).log("topic file cannot be understood");
            }
        }
        return found;
    }

    /** The files that {@link #load} would put aside or refuse, each with the reason. */
    Map<Path, String> damaged() {
        Map<Path, String> damaged = new TreeMap<>();
        for (Path file : files()) {
            try {
                Stored unused = read(file);
            } catch (IOException | IllegalArgumentException e) {
                // One that is gone by now is the file of a topic that was deleted meanwhile; a link to nowhere is still
                // there.
                if (!Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                    damaged.put(file, e.toString());
                }
            }
        }
        return damaged;
    }

    /** The topics that have a file here, whatever is in it, or had one that was put aside. */
    Set<String> names() {
        Set<String> names = new HashSet<>();
        try (Stream<Path> files = Files.list(folder)) {
            files.map(file -> OF_A_TOPIC.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .forEach(name -> names.add(name.group(1)));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the topics in " + folder, e);
        }
        return names;
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(path -> path.toString().endsWith(SUFFIX))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the topics in " + folder, e);
        }
    }

    private static void putAside(Path file, Exception reason) {
        Path aside = AsideFile.of(file, DAMAGED);
        try {
            Files.move(file, aside);
        } catch (IOException e) {
            reason.addSuppressed(e);
        }
        LOGGER.atError()
                .addKeyValue("file", file)
                .addKeyValue("movedTo", aside)
                .addKeyValue("error", reason.toString())
                .log("topic file is damaged; the topic is made anew from its folders, without its settings."
                        + " Restore the file from a backup while the broker is stopped, or set them again");
    }

    /** Whether the file of that topic was put aside at this start or an earlier one. */
    boolean wasDamaged(String topic) {
        return Files.exists(folder.resolve(topic + SUFFIX + DAMAGED));
    }

    /** Notes what is about to be made, before any folder is: a crash leaves no folder that nobody knows. */
    void intend(Topic topic) {
        write(topic, State.CREATING, topic.partitions());
    }

    /** Notes the partitions that are about to be added to a topic that serves. */
    void intendGrowth(Topic topic, int total) {
        write(topic, State.LIVE, total);
    }

    /** The topic is whole, with these settings. */
    void save(Topic topic) {
        write(topic, State.LIVE, topic.partitions());
    }

    /** Notes that the partitions of {@code topic} are being removed, so that a restart goes on with it. */
    void markDeleted(Topic topic) {
        write(topic, State.DELETING, topic.partitions());
    }

    void remove(Topic topic) {
        try {
            DurableFile.remove(fileOf(topic));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot remove topic " + topic.name() + " from " + folder, e);
        }
    }

    /** Whether a take-over of another broker's folders began and did not end. */
    boolean isTakingOver() {
        return Files.exists(folder.resolve(TAKE_OVER));
    }

    void beginTakeOver() {
        try {
            DurableFile.replace(folder.resolve(TAKE_OVER), new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot begin to take over the folders in " + folder, e);
        }
    }

    void endTakeOver() {
        try {
            DurableFile.remove(folder.resolve(TAKE_OVER));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot finish the take-over of the folders in " + folder, e);
        }
    }

    private void write(Topic topic, State state, int growingTo) {
        Properties properties = new Properties();
        properties.setProperty("version", VERSION);
        properties.setProperty("id", topic.id().toString());
        properties.setProperty("partitions", Integer.toString(topic.partitions()));
        properties.setProperty("state", state.name().toLowerCase(Locale.ROOT));
        if (growingTo != topic.partitions()) {
            properties.setProperty("growing.to", Integer.toString(growingTo));
        }
        topic.configs().forEach((key, value) -> properties.setProperty(CONFIG + key, value));
        try {
            PropertiesFile.write(fileOf(topic), properties);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot store topic " + topic.name() + " in " + folder, e);
        }
    }

    private Path fileOf(Topic topic) {
        return folder.resolve(topic.name() + SUFFIX);
    }

    private static Stored read(Path file) throws IOException {
        Properties properties = PropertiesFile.read(file);
        String fileName = String.valueOf(file.getFileName());
        Map<String, String> configs = new TreeMap<>();
        properties.stringPropertyNames().stream()
                .filter(key -> key.startsWith(CONFIG))
                .forEach(key -> configs.put(key.substring(CONFIG.length()), properties.getProperty(key)));
        String partitions = properties.getProperty("partitions", "");
        Topic topic = new Topic(
                fileName.substring(0, fileName.length() - SUFFIX.length()),
                Uuid.fromString(properties.getProperty("id", "")),
                Integer.parseInt(partitions),
                configs);
        int growingTo = Integer.parseInt(properties.getProperty("growing.to", partitions));
        if (growingTo > Topic.PARTITIONS_MAX) {
            throw new IllegalArgumentException(
                    "growing.to=" + growingTo + ", the most partitions are " + Topic.PARTITIONS_MAX);
        }
        return new Stored(topic, state(properties), growingTo);
    }

    private static State state(Properties properties) {
        if (Boolean.parseBoolean(properties.getProperty("deleted"))) { // as it was written before there were states
            return State.DELETING;
        }
        return State.valueOf(properties.getProperty("state", "live").toUpperCase(Locale.ROOT));
    }
}
