/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Writing: Produce, and what stands between a transactional batch and its partition.
 *
 * <p>Appends run on the executor of their partition, so that the event loops never wait for a disk. An acks=all answer is given on the log's flush
 * thread once the records are durable.
 */
@NullMarked
package io.levada.broker.produce;

import org.jspecify.annotations.NullMarked;
