/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rebuilds what a partition knows of its producers: from the newest snapshot that can be read, then from the batches after it.
 * Older snapshots stay only where a segment begins.
 */
final class ProducerRecovery {
    private static final Logger LOGGER = LoggerFactory.getLogger(ProducerRecovery.class);

    private final Path folder;
    private final Segments segments;
    private final long nowMs;
    private final ProducerStates producers;

    ProducerRecovery(Path folder, TopicPartition partition, Segments segments, long nowMs) {
        this.folder = folder;
        this.segments = segments;
        this.nowMs = nowMs;
        this.producers = new ProducerStates(partition);
    }

    ProducerStates run(long logStartOffset, long logEndOffset) throws IOException {
        OptionalLong restored = OptionalLong.empty();
        for (long offset : snapshotsNewestFirst()) {
            if (restored.isEmpty() && offset <= logEndOffset && restore(offset)) {
                restored = OptionalLong.of(offset);
            } else if (restored.isEmpty() || !segments.beginAt(offset)) {
                Files.delete(LogFileNames.file(folder, offset, LogFileNames.SNAPSHOT));
            }
        }
        replay(Math.max(logStartOffset, restored.orElse(0)));
        return producers;
    }

    private List<Long> snapshotsNewestFirst() throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(file -> LogFileNames.offset(file, LogFileNames.SNAPSHOT))
                    .filter(OptionalLong::isPresent)
                    .map(OptionalLong::getAsLong)
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    private boolean restore(long offset) throws IOException {
        Path file = LogFileNames.file(folder, offset, LogFileNames.SNAPSHOT);
        try {
            producers.restore(ProducerSnapshot.read(file));
            return true;
        } catch (CorruptIndexException e) {
            LOGGER.atWarn()
                    .addKeyValue("error", e.getMessage())
                    .log("producer snapshot ignored, the log tells the same");
            return false;
        }
    }

    private void replay(long fromOffset) {
        for (Segment segment : segments.all()) {
            Segment next = segments.after(segment);
            if (next == null || next.baseOffset() > fromOffset) {
                replay(segment, fromOffset);
            }
        }
    }

    private void replay(Segment segment, long fromOffset) {
        var start = segment.find(fromOffset);
        if (start == null) {
            return;
        }
        for (RecordBatch batch : segment.records().batchesFrom(start.position)) {
            producers.written(batch, nowMs);
        }
    }
}
