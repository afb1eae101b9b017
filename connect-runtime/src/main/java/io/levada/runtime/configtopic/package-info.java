/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The config topic, which all workers of the group share: connector configs, task configs, wished states and requests, in Kafka
 * Connect's format, folded into an immutable {@link io.levada.runtime.configtopic.ClusterConfig}. The worker's own properties are in
 * {@code config}.
 *
 * <p>The fold runs on the thread that reads the topic; snapshots and requests leave it as values. Writes come from the
 * herder.
 */
@NullMarked
package io.levada.runtime.configtopic;

import org.jspecify.annotations.NullMarked;
