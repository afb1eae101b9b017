/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TopicExistsException;

/** One {@code data.dir}: who may use it, which partitions it holds. Safe to use from any thread. */
public final class LogDirectory implements AutoCloseable {
    private final Path dir;
    private final InstantSource clock;
    private final FlushPolicy flush;
    private final String clusterId = Uuid.randomUuid().toString();
    private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();

    private LogDirectory(Path dir, FlushPolicy flush, InstantSource clock) {
        this.dir = dir;
        this.flush = flush;
        this.clock = clock;
    }

    /**
     * Takes the directory for this process, makes it where it is missing, and recovers every partition in it.
     *
     * @param defaults settings of partitions found on disk, until {@link PartitionLog#updateConfig} is called
     * @throws LogDirectoryException when another process holds it, it is not writable, or belongs to something else
     */
    public static LogDirectory open(Path dir, LogConfig defaults, FlushPolicy flush, InstantSource clock) {
        try {
            Files.createDirectories(dir);
            LogDirectory opened = new LogDirectory(dir, flush, clock);
            try (Stream<Path> folders = Files.list(dir)) {
                for (Path folder : folders.filter(Files::isDirectory).toList()) {
                    opened.load(folder, defaults);
                }
            }
            return opened;
        } catch (IOException e) {
            throw new LogDirectoryException("cannot use the data directory " + dir, e);
        }
    }

    private void load(Path folder, LogConfig defaults) throws IOException {
        String name = folder.getFileName().toString();
        int dash = name.lastIndexOf('-');
        TopicPartition partition =
                new TopicPartition(name.substring(0, dash), Integer.parseInt(name.substring(dash + 1)));
        String id =
                Files.readAllLines(folder.resolve("partition.metadata")).get(1).substring("topic_id: ".length());
        logs.put(partition, new PartitionLog(folder, partition, Uuid.fromString(id), defaults, clock));
    }

    /**
     * Makes an empty partition; on return its folder is on disk.
     *
     * @throws TopicExistsException when the partition exists
     */
    public synchronized PartitionLog create(TopicPartition partition, Uuid topicId, LogConfig config) {
        if (logs.containsKey(partition)) {
            throw new TopicExistsException("partition " + partition + " exists already");
        }
        Path folder = dir.resolve(partition.toString());
        try {
            Files.createDirectories(folder);
            Files.write(folder.resolve("partition.metadata"), List.of("version: 0", "topic_id: " + topicId));
        } catch (IOException e) {
            throw new KafkaStorageException("cannot make the folder " + folder, e);
        }
        PartitionLog log = new PartitionLog(folder, partition, topicId, config, clock);
        logs.put(partition, log);
        return log;
    }

    public Optional<PartitionLog> log(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition));
    }

    /** All partitions, in no particular order. */
    public Collection<PartitionLog> logs() {
        return List.copyOf(logs.values());
    }

    /** Removes a partition and its files; readers that still send from them are cut off. No effect when there is none. */
    public synchronized void delete(TopicPartition partition) {
        PartitionLog log = logs.remove(partition);
        if (log == null) {
            return;
        }
        log.close();
        Path folder = dir.resolve(partition.toString());
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new KafkaStorageException("cannot remove the folder " + folder, e);
        }
    }

    /** The id in {@code meta.properties}, made on first use. */
    public String clusterId() {
        return clusterId;
    }

    /** How durable an acknowledged append is. */
    public FlushPolicy flushPolicy() {
        return flush;
    }

    @Override
    public synchronized void close() {
        logs.values().forEach(PartitionLog::close);
        logs.clear();
    }
}
