/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.storage;

import io.levada.broker.log.directory.OffsetCheckpoint;
import io.levada.broker.log.files.CorruptIndexException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.files.PartitionMetadata;
import io.levada.broker.log.producers.ProducerSnapshot;
import io.levada.broker.log.recovery.LeaderEpochs;
import io.levada.broker.log.recovery.LogRecovery;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** Looks through one partition's folder and changes nothing. */
final class PartitionCheck {
    private final Path folder;
    private final TopicPartition partition;
    private final Uuid topicId;
    private final LogRecovery.Start start;
    private final boolean isLive;
    private final List<StorageProblem> problems = new ArrayList<>();
    private long segments;
    private long batches;
    private long bytes;
    private long end;

    /**
     * The check.
     *
     * @param topicId of the partition's topic; zero where nothing tells
     * @param start what the next start of a broker knows of the partition
     * @param isLive whether a broker has the folder open: then it may just be writing at the end of the last segment
     */
    PartitionCheck(Path folder, TopicPartition partition, Uuid topicId, LogRecovery.Start start, boolean isLive) {
        this.folder = folder;
        this.partition = partition;
        this.topicId = topicId;
        this.start = start;
        this.isLive = isLive;
    }

    PartitionReport run() throws IOException {
        if (isLive && topicId.equals(Uuid.ZERO_UUID) && !Files.exists(folder)) {
            return report(); // nothing tells that it should be there
        }
        if (!Files.exists(folder)) {
            tell(StorageProblem.Kind.NO_FOLDER, folder, -1, "the folder is missing, with all records of the partition");
            return report();
        }
        checkNotes();
        List<Long> bases = LogFileNames.baseOffsets(folder);
        end = bases.isEmpty() ? 0 : bases.get(0);
        for (int i = 0; i < bases.size(); i++) {
            segment(bases.get(i), i == bases.size() - 1 ? OptionalLong.empty() : OptionalLong.of(bases.get(i + 1)));
        }
        checkEnd();
        return report();
    }

    private void checkEnd() {
        Path starts = folder.resolveSibling(OffsetCheckpoint.LOG_START);
        String past = "the start offset " + start.logStartOffset() + " is past the end of the log, " + end;
        if (start.isWrongStart(end)) {
            tell(
                    StorageProblem.Kind.REBUILT,
                    starts,
                    -1,
                    past + "; as the broker was stopped in order, the next start ignores it");
        }
        if (end < start.recoveryPoint() && (start.isWrongStart(end) || !start.allDeleted())) {
            tell(
                    StorageProblem.Kind.MISSING,
                    folder,
                    end,
                    "the log ends here, and everything below offset " + start.recoveryPoint()
                            + " had been forced to disk");
        } else if (end < start.logStartOffset() && !start.isWrongStart(end)) {
            tell(
                    StorageProblem.Kind.REBUILT,
                    starts,
                    -1,
                    past
                            + "; the next start goes on there and keeps what is in the log as .cut files. If that offset is"
                            + " wrong, take the line '" + partition.topic() + " " + partition.partition() + " "
                            + start.logStartOffset() + "' out of the file before and make the number in its second line"
                            + " one less. Without the file, what was deleted from other partitions could be read again");
        }
    }

    private PartitionReport report() {
        return new PartitionReport(partition, topicId, segments, batches, bytes, end, List.copyOf(problems));
    }

    private void segment(long base, OptionalLong next) throws IOException {
        Path file = LogFileNames.file(folder, base, LogFileNames.LOG);
        SegmentCheck check = new SegmentCheck(partition, folder, base, problems::add).run(next.orElse(Long.MAX_VALUE));
        segments++;
        batches += check.batches();
        bytes += Files.size(file);
        end = Math.max(end, check.end());
        for (StorageProblem damage : check.damages()) {
            boolean beingWritten = isLive && next.isEmpty() && damage.position() + damage.bytes() >= Files.size(file);
            if (!beingWritten) {
                problems.add(damage);
            }
        }
        // Where bytes are damaged the offsets that follow are theirs.
        boolean explained = check.damages().stream().anyMatch(StorageProblem::isDamage);
        if (next.isPresent() && !explained && !start.gaps().allow(check.end(), next.getAsLong())) {
            tell(
                    StorageProblem.Kind.MISSING,
                    file,
                    check.end(),
                    "the next segment begins at offset " + next.getAsLong() + ", what lay between is missing");
        }
    }

    private void checkNotes() throws IOException {
        checkTopicId();
        try {
            Map<Integer, Long> unused = LeaderEpochs.read(folder.resolve(LeaderEpochs.FILE));
        } catch (IOException e) {
            tell(StorageProblem.Kind.REBUILT, folder.resolve(LeaderEpochs.FILE), -1, String.valueOf(e.getMessage()));
        }
        try (Stream<Path> all = Files.list(folder)) {
            for (Path file : all.filter(each ->
                            LogFileNames.offset(each, LogFileNames.SNAPSHOT).isPresent())
                    .sorted()
                    .toList()) {
                snapshot(file);
            }
        }
    }

    private void checkTopicId() {
        Path file = folder.resolve(PartitionMetadata.FILE);
        boolean isKnown = !topicId.equals(Uuid.ZERO_UUID);
        try {
            if (isKnown && PartitionMetadata.read(folder).equals(Uuid.ZERO_UUID)) {
                tell(StorageProblem.Kind.NO_TOPIC_ID, file, -1, "the file is missing");
            }
        } catch (IOException e) {
            tell(
                    isKnown ? StorageProblem.Kind.NO_TOPIC_ID : StorageProblem.Kind.UNUSABLE,
                    file,
                    -1,
                    String.valueOf(e.getMessage()));
        }
    }

    private void snapshot(Path file) throws IOException {
        try {
            ProducerSnapshot.read(file);
        } catch (CorruptIndexException e) {
            tell(StorageProblem.Kind.REBUILT, file, -1, String.valueOf(e.getMessage()));
        }
    }

    private void tell(StorageProblem.Kind kind, Path file, long offset, String what) {
        problems.add(new StorageProblem(partition, kind, file, 0, offset, 0, what));
    }
}
