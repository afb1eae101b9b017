/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.MetaProperties;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.storage.PartitionReport;
import io.levada.broker.log.storage.Storage;
import io.levada.broker.log.storage.StorageProblem;
import io.levada.broker.topic.SettingsOnDisk;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which directory, and what of it. */
final class StorageOptions {
    @Parameters(index = "0", paramLabel = "DIR", description = "The data directory (data.dir).")
    private Path directory = Path.of("");

    @Option(names = "--topic", paramLabel = "NAME", description = "Only this topic.")
    private @Nullable String topic;

    @Option(names = "--partition", paramLabel = "N", description = "Only this partition.")
    private @Nullable Integer partition;

    Path directory() {
        return directory;
    }

    Storage open() {
        try {
            return Storage.of(directory);
        } catch (LogDirectoryException e) {
            throw new Problem(
                    ExitCode.NOT_FOUND,
                    "cannot look at " + directory,
                    String.valueOf(e.getMessage()),
                    "Name the folder that data.dir of the broker names.",
                    e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /** As {@link #open}, with no broker until it is closed. */
    Storage openAlone() {
        if (open().isLive()) {
            throw inUse(null);
        }
        try {
            return Storage.exclusively(directory);
        } catch (LogDirectoryException e) { // begun just now
            throw inUse(e);
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    Problem inUse(@Nullable Exception e) {
        return new Problem(
                ExitCode.CONFLICT,
                "cannot repair " + directory,
                "a broker or worker uses it",
                "Stop that process first.",
                e);
    }

    Problem unreadable(Exception e) {
        return new Problem(
                ExitCode.FAILURE,
                "cannot read " + directory,
                e instanceof AccessDeniedException denied
                        ? "this user may not read " + denied.getFile()
                        : String.valueOf(e),
                "Run this as the user that the broker runs as.",
                e);
    }

    /** The partitions asked for that have a folder, at least one. */
    List<TopicPartition> partitions(Storage storage) throws IOException {
        return required(storage.partitions(this::isWanted));
    }

    private List<TopicPartition> required(List<TopicPartition> found) {
        if (found.isEmpty() && (topic != null || partition != null)) {
            throw new Problem(
                    ExitCode.NOT_FOUND,
                    "cannot find " + (topic == null ? "partition " + partition : name()) + " in " + directory,
                    "there is no folder of it",
                    "Without --topic and --partition all that is there is looked at.");
        }
        return found;
    }

    private String name() {
        return "topic '" + topic + "'" + (partition == null ? "" : ", partition " + partition);
    }

    private boolean isWanted(TopicPartition each) {
        return (topic == null || topic.equals(each.topic())) && (partition == null || partition == each.partition());
    }

    /** Reads all that was asked for. */
    List<PartitionReport> verify(Storage storage) throws IOException {
        SettingsOnDisk settings = new SettingsOnDisk(directory, LogConfig.defaults());
        List<PartitionReport> reports = new ArrayList<>();
        Map<TopicPartition, Uuid> expected = settings.partitions();
        Set<TopicPartition> all =
                new TreeSet<>(Comparator.comparing(TopicPartition::topic).thenComparing(TopicPartition::partition));
        all.addAll(storage.partitions(this::isWanted));
        expected.keySet().stream().filter(this::isWanted).forEach(all::add);
        for (TopicPartition each : required(List.copyOf(all))) {
            boolean mayJump = settings.of(each).retention().compacts() || settings.isForeign(each);
            PartitionReport report = storage.verify(each, expected.getOrDefault(each, Uuid.ZERO_UUID), mayJump);
            if (!report.isFolderMissing() || !storage.isLive() || isStillExpected(each, report.topicId())) {
                reports.add(report);
            }
        }
        return reports;
    }

    /** Files of the broker's own, beside the partitions, that a start would refuse or put aside; by file, the reason. Where all is asked for. */
    Map<Path, String> damagedFiles(Storage storage) throws IOException {
        if (topic != null || partition != null) {
            return Map.of();
        }
        Map<Path, String> damaged = new TreeMap<>(new SettingsOnDisk(directory, LogConfig.defaults()).damaged());
        storage.refusal().ifPresent(reason -> damaged.put(directory.resolve(MetaProperties.FILE), reason));
        return damaged;
    }

    /** Whether the topic is one still, or was deleted by the broker meanwhile. */
    private boolean isStillExpected(TopicPartition partition, Uuid topicId) {
        return topicId.equals(
                new SettingsOnDisk(directory, LogConfig.defaults()).partitions().get(partition));
    }

    static void json(ArrayNode array, StorageProblem problem) {
        ObjectNode node = array.addObject()
                .put("kind", problem.kind().name().toLowerCase(java.util.Locale.ROOT))
                .put("file", problem.file().toString());
        if (problem.offset() >= 0) {
            node.put("position", problem.position()).put("offset", problem.offset());
        }
        if (problem.bytes() > 0) {
            node.put("bytes", problem.bytes());
        }
        node.put("error", problem.what());
    }
}
