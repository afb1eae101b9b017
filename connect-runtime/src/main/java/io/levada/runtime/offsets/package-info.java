/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The offset topic: where each source connector stands in each of its partitions, in Kafka Connect's format.
 *
 * <p>Filled by the thread that reads the topic, asked by tasks and herder.
 */
@NullMarked
package io.levada.runtime.offsets;

import org.jspecify.annotations.NullMarked;
