/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The log: partitions as folders of segments in Apache Kafka's file format, which stay readable by Kafka's own tools.
 *
 * <p>Start at {@link io.levada.broker.log.directory.LogDirectory}, which opens and recovers one {@code data.dir};
 * {@link io.levada.broker.log.PartitionLog} is one partition. The file formats are in {@code docs/log-format.md}.
 *
 * <p>Below this package, each knowing only those before it: {@code config}, {@code files}, {@code records}, {@code segment}, {@code producers},
 * {@code recovery}; then this one, which is a partition at work; above it {@code directory} and {@code storage}.
 *
 * <p>An append passes {@link io.levada.broker.log.PartitionLog#append}, {@link io.levada.broker.log.records.BatchValidator}, {@link
 * io.levada.broker.log.producers.ProducerStates} (is it new?), {@code LogTail} (rolls, writes, indexes), and {@code LogFlush}, which forces it and moves
 * the high watermark in {@code Durability}. A read passes {@code LogReader}.
 *
 * <p>Use: open the directory, start {@link io.levada.broker.log.directory.Retention#every}; make a topic's partitions with
 * {@link io.levada.broker.log.directory.LogDirectory#createAll}, which shares the disk's commits; append with
 * {@link io.levada.broker.log.records.AppendOrigin#CLIENT} for producers and {@code BROKER} for coordinators; answer acks=all when
 * {@link io.levada.broker.log.PartitionLog#durable} completes. At the end close the registration, then the directory.
 *
 * <p>Transactions: a batch that begins one needs {@link io.levada.broker.log.PartitionLog#admit} before the coordinator is asked;
 * {@link io.levada.broker.log.PartitionLog#endTransaction} writes the marker; reads take an isolation level and name what was aborted.
 *
 * <p>Threads: appends to one partition are serialised by a lock inside it, whichever thread calls. Reads take no lock.
 * Threads named {@code levada-log-flush-N} fsync, move the high watermark, and call its listeners. No thread that calls in here
 * may be interrupted while it does: the JDK closes a file whose reader or writer is interrupted.
 */
@NullMarked
package io.levada.broker.log;

import org.jspecify.annotations.NullMarked;
