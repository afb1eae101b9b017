/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.segment.SealedSegment;
import java.util.ArrayList;
import java.util.List;

/** Puts neighbouring segments together that make one segment of the usual size: compaction leaves small ones. */
final class SegmentGroups {
    private SegmentGroups() {}

    /** Groups in the order of the log; each fits into {@code segment.bytes} unless it is one segment, and its offsets into an index. */
    static List<List<SealedSegment>> of(List<SealedSegment> segments, LogConfig.Segment limits) {
        List<List<SealedSegment>> groups = new ArrayList<>();
        List<SealedSegment> group = new ArrayList<>();
        long bytes = 0;
        for (SealedSegment segment : segments) {
            boolean fits = !group.isEmpty()
                    && bytes + segment.sizeInBytes() <= limits.bytes()
                    && segment.nextBaseOffset() - 1 - group.get(0).baseOffset() <= Integer.MAX_VALUE;
            if (!fits && !group.isEmpty()) {
                groups.add(List.copyOf(group));
                group.clear();
                bytes = 0;
            }
            group.add(segment);
            bytes += segment.sizeInBytes();
        }
        if (!group.isEmpty()) {
            groups.add(List.copyOf(group));
        }
        return groups;
    }
}
