/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The log: partitions as folders of segments in Apache Kafka's file format, which stay readable by Kafka's own tools.
 *
 * <p>Start at {@link io.levada.broker.log.LogDirectory}, which opens and recovers one {@code data.dir};
 * {@link io.levada.broker.log.PartitionLog} is one partition. The file formats are in {@code docs/log-format.md}.
 *
 * <p>Threads: appends to one partition are serialised by a lock inside it, whichever thread calls. Reads take no lock.
 * Threads named {@code levada-log-flush-N} fsync, move the high watermark, and call its listeners. No thread that calls in here
 * may be interrupted while it does: the JDK closes a file whose reader or writer is interrupted.
 */
@NullMarked
package io.levada.broker.log;

import org.jspecify.annotations.NullMarked;
