/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.FlushPolicy;
import io.levada.broker.log.Flusher;
import io.levada.broker.log.LogOptions;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import io.levada.broker.log.files.PartitionMetadata;
import io.levada.broker.log.recovery.LogRecovery;
import io.levada.broker.log.recovery.LogRecovery.Recovered;
import io.levada.broker.thread.Threads;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One {@code data.dir}: who may use it, which partitions it holds, how far they are safe. Safe to use from any thread; creating and
 * deleting partitions is serialised.
 */
public final class LogDirectory implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogDirectory.class);

    /** More than processors, as they wait for the disk, which commits what waits together. */
    private static final int DISK_THREADS = 8;

    private final Path dir;
    private final DirectoryLock lock;
    private final MetaProperties meta;
    private final LogOptions options;
    private final Threads threads;
    private final Flusher flusher;
    private final PartitionLog.Shared shared;
    private final CleanShutdownMarker marker;
    private final DirectoryCheckpoints checkpoints;
    private final OffsetCheckpoint cleaned;
    private final Map<TopicPartition, PartitionLog> logs = new ConcurrentHashMap<>();
    private final OfflinePartitions offline;
    private final PartitionFolders folders;
    private boolean closed;

    private LogDirectory(
            Path dir,
            DirectoryLock lock,
            MetaProperties meta,
            LogOptions options,
            LogFiles files,
            InstantSource clock,
            Threads threads) {
        this.dir = dir;
        this.lock = lock;
        this.meta = meta;
        this.options = options;
        this.threads = threads;
        this.flusher = new Flusher(threads.pool("levada-log-flush", options.flushThreads()));
        this.folders = new PartitionFolders(dir, files);
        this.offline = new OfflinePartitions(dir);
        this.checkpoints = new DirectoryCheckpoints(dir, logs::values, offline::withoutLog);
        this.shared = new PartitionLog.Shared(
                options, flusher, new OpenFiles(options.openFilesMax(), files), clock, checkpoints);
        this.marker = new CleanShutdownMarker(dir);
        this.cleaned = new OffsetCheckpoint(dir, OffsetCheckpoint.COMPACTED);
    }

    /** The settings of the partitions that are found on disk. */
    @FunctionalInterface
    public interface Settings {
        /** What is known of {@code partition} before its records are looked at; called from several threads, once the directory is locked. */
        LogConfig of(TopicPartition partition);

        /** Whether the partition may be another broker's, whose compaction nothing tells of: then its offsets may jump. */
        default boolean isForeign(TopicPartition partition) {
            return false;
        }
    }

    /** {@link #open(Path, LogConfig, LogOptions, InstantSource)} with the defaults of {@link LogOptions#of}. */
    public static LogDirectory open(Path dir, LogConfig defaults, FlushPolicy flush, InstantSource clock) {
        return open(dir, defaults, LogOptions.of(flush), clock);
    }

    /**
     * Takes the directory for this process, makes it where it is missing, and recovers every partition in it. Blocks until that is done.
     *
     * @param dir the folder
     * @param defaults settings of partitions found on disk, until {@link PartitionLog#updateConfig} is called
     * @param options what holds for all partitions
     * @param clock timestamps of appends, segment ages and retention
     * @throws LogDirectoryException when another process holds it, it is not writable, or belongs to something else
     */
    public static LogDirectory open(Path dir, LogConfig defaults, LogOptions options, InstantSource clock) {
        return open(dir, partition -> defaults, options, clock, Threads.ofSystem());
    }

    /** {@link #open(Path, LogConfig, LogOptions, InstantSource)} with settings for each partition. */
    public static LogDirectory open(Path dir, Settings settings, LogOptions options, InstantSource clock) {
        return open(dir, settings, options, clock, Threads.ofSystem());
    }

    /** {@link #open(Path, Settings, LogOptions, InstantSource)} on threads from elsewhere. */
    public static LogDirectory open(
            Path dir, Settings settings, LogOptions options, InstantSource clock, Threads threads) {
        return open(dir, settings, options, clock, threads, LogFiles.SYSTEM);
    }

    public static LogDirectory open(
            Path dir, LogConfig defaults, LogOptions options, InstantSource clock, LogFiles files) {
        return open(dir, partition -> defaults, options, clock, Threads.ofSystem(), files);
    }

    public static LogDirectory open(
            Path dir, Settings settings, LogOptions options, InstantSource clock, Threads threads, LogFiles files) {
        Path absolute = dir.toAbsolutePath().normalize();
        try {
            make(absolute, files);
            return open(absolute, DirectoryLock.take(absolute), settings, options, clock, threads, files);
        } catch (IOException e) {
            throw new LogDirectoryException(
                    "cannot use the data directory " + absolute + ": " + e
                            + ". Make it a folder this user may write to, or set data.dir to another one",
                    e);
        }
    }

    /** On disk with all its parents: without its name, nothing in it would survive a power cut. */
    private static void make(Path dir, LogFiles files) throws IOException {
        Path parent = dir.getParent();
        if (!Files.exists(dir) && parent != null) {
            make(parent, files);
            Files.createDirectories(dir);
            files.forceFolder(parent);
        }
    }

    private static LogDirectory open(
            Path dir,
            DirectoryLock lock,
            Settings settings,
            LogOptions options,
            InstantSource clock,
            Threads threads,
            LogFiles files)
            throws IOException {
        LogDirectory directory = null;
        try {
            directory = new LogDirectory(dir, lock, MetaProperties.readOrCreate(dir), options, files, clock, threads);
            directory.recover(settings);
            return directory;
        } catch (IOException | RuntimeException e) {
            if (directory != null) {
                directory.flusher.close();
            }
            lock.close();
            throw e;
        }
    }

    private void recover(Settings settings) throws IOException {
        boolean clean = marker.isThere();
        DirectoryRecovery recovery = new DirectoryRecovery(
                dir,
                clean,
                new Parallel("levada-log-recovery", options.recoveryThreads(), threads),
                this::recoverPartition);
        if (clean) {
            recovery.dropWrongStarts(); // before the marker goes: a process killed from then on leaves a start that
            // believes them
            marker.take();
        }
        recovery.run(settings).forEach(opened -> {
            opened.log().ifPresent(log -> logs.put(log.partition(), log));
            opened.offline().ifPresent(offline::add);
        });
        offline.noteWithoutFolder(recovery.notedOfOthers(partitions()));
        checkpoints.tryToWrite();
        if (!partitions().isEmpty()) {
            LOGGER.atInfo()
                    .addKeyValue("folder", dir)
                    .addKeyValue("partitions", logs.size())
                    .addKeyValue("offline", offline.partitions().size())
                    .addKeyValue("clean", clean)
                    .log("logs opened");
        }
    }

    private PartitionLog recoverPartition(
            Path folder, TopicPartition partition, LogConfig config, LogRecovery.Start start) throws IOException {
        Uuid topicId = PartitionMetadata.read(folder);
        Recovered recovered = new LogRecovery(
                        folder, partition, config, shared.open(), shared.clock().millis(), start)
                .run();
        return new PartitionLog(folder, partition, topicId, config, shared, recovered);
    }

    /** {@link #createAll} for one partition. */
    public PartitionLog create(TopicPartition partition, Uuid topicId, LogConfig config) {
        return createAll(List.of(partition), topicId, config).get(0);
    }

    /**
     * Makes empty partitions of a topic; on return their folders are on disk. A crash in between leaves some of them, each whole.
     *
     * @return the partitions in the given order
     * @throws TopicExistsException when one of them exists; then none is made
     * @throws KafkaStorageException when the disk refuses
     */
    public synchronized List<PartitionLog> createAll(List<TopicPartition> partitions, Uuid topicId, LogConfig config) {
        requireOpen();
        for (TopicPartition partition : partitions) {
            if (exists(partition)) {
                throw new TopicExistsException("partition " + partition + " exists already");
            }
        }
        // The offsets noted of a namesake that was deleted must not become those of the new partition after a crash.
        checkpoints.write();
        Queue<PartitionLog> made = new ConcurrentLinkedQueue<>();
        List<Callable<PartitionLog>> creations = partitions.stream()
                .<Callable<PartitionLog>>map(partition -> () -> {
                    PartitionLog log = recoverPartition(
                            folders.make(partition, topicId), partition, config, LogRecovery.Start.EMPTY);
                    made.add(log);
                    return log;
                })
                .toList();
        try {
            List<PartitionLog> created = new Parallel("levada-log-create", DISK_THREADS, threads).run(creations);
            folders.force();
            created.forEach(log -> logs.put(log.partition(), log));
            return created;
        } catch (IOException | RuntimeException e) {
            made.forEach(PartitionLog::discard);
            partitions.forEach(partition -> folders.removeUnused(partition, e));
            throw new KafkaStorageException(
                    "cannot make the folders of " + partitions + " in " + dir + ": " + e.getMessage(), e);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new KafkaStorageException("the data directory " + dir + " is closed");
        }
    }

    public Optional<PartitionLog> log(TopicPartition partition) {
        return Optional.ofNullable(logs.get(partition));
    }

    /** Why a partition is not opened though its folder is there, or empty. */
    public Optional<OfflinePartition> offline(TopicPartition partition) {
        return offline.find(partition);
    }

    /** All partitions whose folders are there and cannot be opened. */
    public Collection<OfflinePartition> offline() {
        return offline.all();
    }

    /** Whether there is a folder of that partition, opened or offline. */
    public boolean exists(TopicPartition partition) {
        return logs.containsKey(partition) || offline.contains(partition);
    }

    /** How many log files are open at the moment. */
    public int openFiles() {
        return shared.open().count();
    }

    /** All partitions that are open, in no particular order. */
    public Collection<PartitionLog> logs() {
        return List.copyOf(logs.values());
    }

    /**
     * Removes a partition and its files, damaged or not; readers that still send from them are cut off. No effect when there is none.
     *
     * @throws KafkaStorageException when the disk refuses; what is left is removed by the next start
     */
    public synchronized void delete(TopicPartition partition) {
        try {
            Path doomed = take(partition, LogFileNames.DELETED_FOLDER);
            if (doomed != null) {
                FolderRemoval.remove(doomed);
            }
        } catch (IOException e) {
            throw new KafkaStorageException("cannot remove the folder " + folders.of(partition), e);
        }
    }

    /** Renames the folder of a partition so that nobody takes it for one; null when there is none. */
    private @Nullable Path take(TopicPartition partition, String ending) throws IOException {
        PartitionLog log = logs.remove(partition);
        boolean wasOffline = offline.remove(partition);
        if (log == null && !wasOffline) {
            return null;
        }
        if (log != null) {
            log.discard();
        }
        return Files.exists(folders.of(partition)) ? folders.rename(partition, ending) : null;
    }

    /**
     * Takes a partition out of service and keeps its files under another name, which is returned.
     *
     * @throws KafkaStorageException when the disk refuses
     */
    public synchronized Path putAside(TopicPartition partition) {
        try {
            Path aside = take(partition, LogFileNames.STRAY_FOLDER);
            return aside == null ? folders.of(partition) : aside;
        } catch (IOException e) {
            throw new KafkaStorageException("cannot rename the folder " + folders.of(partition), e);
        }
    }

    /** Notes that a partition's folder should be there and is not: it is offline, as records of it may have been acknowledged. */
    public void missing(TopicPartition partition, Uuid topicId) {
        offline.missing(partition, folders.of(partition), topicId);
    }

    /** All that should be there is: what checkpoints know of other folders is of topics that are no more. */
    public void topicsAreKnown() {
        offline.forgetWithoutFolder();
    }

    /** Every partition whose folder is there or should be. */
    public Collection<TopicPartition> partitions() {
        Set<TopicPartition> all = new HashSet<>(logs.keySet());
        all.addAll(offline.partitions());
        return all;
    }

    /** Those of one topic, in their order. */
    public List<TopicPartition> partitionsOf(String topic) {
        // No set of all of them first: this is asked once for each of thousands of topics.
        return Stream.concat(logs.keySet().stream(), offline.partitions().stream())
                .filter(partition -> partition.topic().equals(topic))
                .distinct()
                .sorted(Comparator.comparingInt(TopicPartition::partition))
                .toList();
    }

    /** The id in {@code meta.properties}, made on first use. */
    public String clusterId() {
        return meta.clusterId();
    }

    /** The broker's id in {@code meta.properties}; 1 in a new directory. */
    public int nodeId() {
        return meta.nodeId();
    }

    /** How durable an acknowledged append is. */
    public FlushPolicy flushPolicy() {
        return options.flush();
    }

    /** Notes on disk how far each partition needs no recovery, and where it begins. */
    public void checkpoint() {
        checkpoints.write();
    }

    /** Up to where partitions were compacted, as {@link #checkpointCleaned} noted it; empty where that cannot be read. */
    public Map<TopicPartition, Long> cleanedOffsets() {
        try {
            return cleaned.read().orElse(Map.of());
        } catch (IOException e) {
            throw new KafkaStorageException("cannot read the cleaner's checkpoint in " + dir, e);
        }
    }

    /** Notes on disk up to where partitions were compacted; those that are not named are forgotten, unless they are offline. */
    public void checkpointCleaned(Map<TopicPartition, Long> offsets) {
        Map<TopicPartition, Long> all = new HashMap<>(offsets);
        if (!offline.partitions().isEmpty()) {
            cleanedOffsets().forEach((partition, offset) -> {
                if (offline.contains(partition)) {
                    all.put(partition, offset);
                }
            });
        }
        try {
            cleaned.write(all);
        } catch (IOException e) {
            throw new KafkaStorageException("cannot write the cleaner's checkpoint in " + dir, e);
        }
    }

    /**
     * On return everything that {@link PartitionLog#moveLogStartOffset} did before the call is on disk, by one write for all partitions.
     *
     * @throws KafkaStorageException when the disk refuses
     */
    public void forceLogStartOffsets() {
        checkpoints.writeLogStarts();
    }

    /** Several at once, as each waits for the disk. */
    private void closeLogs(Closing closing) throws IOException {
        List<Callable<Boolean>> closings = logs.values().stream()
                .<Callable<Boolean>>map(log -> () -> {
                    closing.close(log::close);
                    return true;
                })
                .toList();
        boolean interrupted = Thread.interrupted(); // it would end half of them
        try {
            new Parallel("levada-log-close", DISK_THREADS, threads).run(closings);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Forces and closes every partition, notes that the stop was clean, and lets go of the directory. Everything is closed even when
     * the disk refuses, which is then thrown.
     */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        Closing closing = new Closing();
        closing.close(flusher::close);
        closing.close(() -> closeLogs(closing));
        closing.close(this::checkpoint);
        // A partition that is offline, or whose folder nobody has looked for yet, must be looked at again, not trusted.
        if (closing.isClean()
                && offline.withoutLog().isEmpty()
                && logs.values().stream().noneMatch(PartitionLog::hasFailed)) {
            closing.close(marker::leave);
        }
        closing.close(lock::close);
        closing.rethrow("cannot close the data directory " + dir);
    }
}
