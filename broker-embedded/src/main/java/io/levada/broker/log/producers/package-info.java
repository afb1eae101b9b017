/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What a partition knows of its producers: their last batches, so that a batch that comes twice is written once; their open transactions, of which
 * the oldest bounds what committed readers see; and who was admitted to begin one (KIP-890). {@link io.levada.broker.log.producers.ProducerStates} is
 * changed by what is appended and by nothing else, so that reading the log again makes it the same. Under the partition's lock, if nothing else is said.
 */
@NullMarked
package io.levada.broker.log.producers;

import org.jspecify.annotations.NullMarked;
