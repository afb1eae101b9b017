/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What an Apache Kafka node left in its data directory that this broker has to know and writes nowhere itself: the topics of its metadata log. Start at
 * {@link io.levada.broker.takeover.ClusterMetadata#read}. Reads only, on the thread that opens the directory.
 */
@NullMarked
package io.levada.broker.takeover;

import org.jspecify.annotations.NullMarked;
