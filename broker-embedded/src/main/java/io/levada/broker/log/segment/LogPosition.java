/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.segment;

/**
 * An offset together with the place of its first byte, so that a reader needs no search to know where to stop.
 *
 * @param offset the offset of the record that starts, or will start, here
 * @param segmentBaseOffset the segment it is in
 * @param position bytes from the start of that segment's file
 */
public record LogPosition(long offset, long segmentBaseOffset, int position) {}
