/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.recovery;

import io.levada.broker.log.files.AsideFile;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.segment.LogPosition;
import io.levada.broker.log.segment.Segment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes off the end of a log what a crash left there half written. Bytes that hold no whole batch are of no use to anyone and go. Whole batches were
 * never acknowledged either, but a disk that loses what it said it kept would look the same, so they stay beside the log in {@code .cut} files, which
 * nothing reads and nobody removes. So do whole segments that are no part of the log any more.
 */
final class TornTail {
    static final String CUT = ".cut";

    private static final Logger LOGGER = LoggerFactory.getLogger(TornTail.class);

    private final Path folder;
    private final TopicPartition partition;

    TornTail(Path folder, TopicPartition partition) {
        this.folder = folder;
        this.partition = partition;
    }

    /** Ends a segment after its last whole batch. */
    void cut(Segment segment, LogPosition end, String reason) throws IOException {
        int bytes = segment.sizeInBytes() - end.position();
        if (bytes > 0
                && segment.file()
                        .reading(records -> BatchSearch.next(records.channel(), end.position(), end.offset()))
                        .isPresent()) {
            keepAside(segment, end);
        }
        segment.file().truncate(end.position());
        LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("segment", segment)
                .addKeyValue("offset", end.offset())
                .addKeyValue("bytes", bytes)
                .addKeyValue("error", reason)
                .log("log cut at the last whole batch");
    }

    private void keepAside(Segment segment, LogPosition end) throws IOException {
        Path log = segment.file().path();
        Path aside = AsideFile.of(log, "." + end.position() + CUT);
        try (FileChannel from = FileChannel.open(log, StandardOpenOption.READ);
                FileChannel to = FileChannel.open(
                        aside,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.TRUNCATE_EXISTING)) {
            for (long at = end.position(); at < from.size(); ) {
                at += from.transferTo(at, from.size() - at, to);
            }
            to.force(true);
        }
        tell(aside, end.offset(), "whole batches follow what is damaged, they were put aside");
    }

    /** Takes a whole segment out of the log, and tells why. */
    void putAside(long baseOffset, String reason) throws IOException {
        Path file = LogFileNames.file(folder, baseOffset, LogFileNames.LOG);
        if (Files.size(file) == 0) {
            Files.delete(file);
        } else {
            Path aside = AsideFile.of(file, CUT);
            Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
            tell(aside, baseOffset, reason);
        }
        for (String suffix : LogFileNames.INDEXES) {
            Files.deleteIfExists(LogFileNames.file(folder, baseOffset, suffix));
        }
    }

    private void tell(Path aside, long offset, String what) throws IOException {
        LOGGER.atWarn()
                .addKeyValue("topic", partition.topic())
                .addKeyValue("partition", partition.partition())
                .addKeyValue("segment", aside)
                .addKeyValue("offset", offset)
                .addKeyValue("bytes", Files.size(aside))
                .log(what);
    }
}
