/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import java.util.OptionalLong;

/**
 * What compaction must leave of a producer so that the log still tells its state.
 *
 * @param epoch the newest epoch it wrote with
 * @param lastOffset the last offset of its last batch in that epoch; empty when a marker is all there is
 */
public record LastBatch(short epoch, OptionalLong lastOffset) {}
