/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.record.internal.RecordBatch;

/**
 * A segment that takes no more appends and is whole on disk, as the cleaner sees it. Its file stays readable for {@code
 * file.delete.delay.ms} after the segment has gone.
 */
public final class SealedSegment {
    private final Segment segment;
    private final long nextBaseOffset;

    public SealedSegment(Segment segment, long nextBaseOffset) {
        this.segment = segment;
        this.nextBaseOffset = nextBaseOffset;
    }

    public long baseOffset() {
        return segment.baseOffset();
    }

    /** Where the next segment begins; compaction may have left fewer offsets in this one. */
    public long nextBaseOffset() {
        return nextBaseOffset;
    }

    public int sizeInBytes() {
        return segment.sizeInBytes();
    }

    /** Reads from its file, as {@link java.nio.channels.FileChannel#read(ByteBuffer, long)}. */
    public int read(ByteBuffer target, long position) throws IOException {
        return segment.file().read(target, position);
    }

    /** The largest timestamp of its records, or when its file was made where they carry none. */
    public long youngestMs() {
        return segment.retainedFromMs();
    }

    /** The largest timestamp of its first batch, or {@link RecordBatch#NO_TIMESTAMP}. Reads the file. */
    public long firstTimestampMs() {
        return segment.firstBatchTimestampMs();
    }

    public Segment segment() {
        return segment;
    }

    @Override
    public String toString() {
        return segment.toString();
    }
}
