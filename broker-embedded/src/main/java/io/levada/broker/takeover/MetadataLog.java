/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.takeover;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.FileRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder {@code __cluster_metadata-0}: snapshots named {@code <end offset in 20 digits>-<epoch in 10>.checkpoint}, which hold all that was true below
 * that offset, and segments of the log that goes on from there. Both are files of record batches.
 *
 * <p>The newest snapshot that is whole is taken, or none where the log is there from its beginning. The last segment may end in a batch that a crash tore.
 */
final class MetadataLog {
    private static final Logger LOGGER = LoggerFactory.getLogger(MetadataLog.class);
    private static final Pattern SNAPSHOT = Pattern.compile("([0-9]{20})-[0-9]{10}\\.checkpoint");
    private static final Pattern SEGMENT = Pattern.compile("([0-9]{20})\\.log");

    private final Path folder;

    private record Part(Path file, long offset) {}

    MetadataLog(Path folder) {
        this.folder = folder;
    }

    /** @throws IOException when no snapshot together with the log tells the whole */
    ClusterMetadata read() throws IOException {
        List<Part> segments = parts(SEGMENT);
        List<Part> snapshots = parts(SNAPSHOT);
        for (int i = snapshots.size() - 1; i >= 0; i--) {
            Part snapshot = snapshots.get(i);
            Optional<ClusterMetadata> found = from(Optional.of(snapshot), segments);
            if (found.isPresent()) {
                return found.get();
            }
            LOGGER.atWarn()
                    .addKeyValue("file", snapshot.file())
                    .log("snapshot of Kafka's metadata cannot be used, an older one is tried");
        }
        return from(Optional.empty(), segments)
                .orElseThrow(
                        () -> new IOException(
                                "the metadata log in " + folder
                                        + " cannot be read: neither a snapshot and what follows it nor the log from its beginning is whole"));
    }

    private List<Part> parts(Pattern name) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> part(name, file))
                    .flatMap(Optional::stream)
                    .sorted(Comparator.comparingLong(Part::offset))
                    .toList();
        }
    }

    private static Optional<Part> part(Pattern name, Path file) {
        Matcher matcher = name.matcher(String.valueOf(file.getFileName()));
        return matcher.matches() ? Optional.of(new Part(file, Long.parseLong(matcher.group(1)))) : Optional.empty();
    }

    private static Optional<ClusterMetadata> from(Optional<Part> snapshot, List<Part> segments) throws IOException {
        MetadataState state = new MetadataState();
        MetadataRecords records = new MetadataRecords(state);
        long next = snapshot.map(Part::offset).orElse(0L);
        if (snapshot.isPresent() && !readAll(snapshot.get().file(), records)) {
            return Optional.empty();
        }
        for (int i = 0; i < segments.size(); i++) {
            boolean isLast = i == segments.size() - 1;
            if (!isLast && segments.get(i + 1).offset() <= next) {
                continue; // all of it is in the snapshot
            }
            Optional<Long> end = readFrom(segments.get(i).file(), next, records, isLast);
            if (end.isEmpty()) {
                return Optional.empty();
            }
            next = Math.max(next, end.get());
        }
        return Optional.of(state.result());
    }

    /** Whether a snapshot is whole; it is written under another name and forced before it gets its own, but disks fail. */
    private static boolean readAll(Path file, MetadataRecords records) throws IOException {
        try (FileRecords batches = FileRecords.open(file.toFile(), false)) {
            int read = 0;
            for (RecordBatch batch : batches.batches()) {
                batch.ensureValid();
                accept(batch, Long.MIN_VALUE, records);
                read += batch.sizeInBytes();
            }
            return read == batches.sizeInBytes() && read > 0;
        } catch (RuntimeException e) { // whatever damaged bytes make the parsers do
            LOGGER.atDebug().setCause(e).addKeyValue("file", file).log("snapshot is damaged");
            return false;
        }
    }

    /** The offset after the last record, or empty when records between {@code from} and it are missing or cannot be understood. */
    private static Optional<Long> readFrom(Path file, long from, MetadataRecords records, boolean mayBeTorn)
            throws IOException {
        long next = from;
        int read = 0;
        try (FileRecords batches = FileRecords.open(file.toFile(), false)) {
            for (RecordBatch batch : batches.batches()) {
                read += batch.sizeInBytes();
                if (mayBeTorn && read == batches.sizeInBytes() && !batch.isValid()) {
                    return Optional.of(next);
                }
                batch.ensureValid();
                if (batch.lastOffset() < next) {
                    continue;
                }
                if (batch.baseOffset() > next) {
                    return Optional.empty();
                }
                accept(batch, next, records);
                next = batch.nextOffset();
            }
            return Optional.of(next);
        } catch (RuntimeException e) { // whatever damaged bytes make the parsers do
            LOGGER.atDebug().setCause(e).addKeyValue("file", file).log("metadata log is damaged");
            return Optional.empty();
        }
    }

    private static void accept(RecordBatch batch, long from, MetadataRecords records) {
        if (batch.isControlBatch()) {
            return;
        }
        for (Record record : batch) {
            if (record.offset() >= from && record.hasValue()) {
                records.accept(record.value());
            }
        }
    }
}
