/* SPDX-License-Identifier: Apache-2.0 */
/**
 * One file of a partition with its indexes. {@link io.levada.broker.log.segment.Segment} appends, finds and seals; {@link
 * io.levada.broker.log.segment.Segments} are those of a partition, in order; a {@link io.levada.broker.log.segment.SegmentDraft} is what compaction writes
 * and a {@link io.levada.broker.log.segment.SegmentSwap} puts in the place of others. A segment has one writer at a time, and its readers need no lock.
 */
@NullMarked
package io.levada.broker.log.segment;

import org.jspecify.annotations.NullMarked;
