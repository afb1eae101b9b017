/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The status topic: what each connector and task was last said to be doing and by which worker, and which topics
 * connectors use, in Kafka Connect's format.
 *
 * <p>Filled by the thread that reads the topic, asked and written by the herder and by tasks (topics only).
 */
@NullMarked
package io.levada.runtime.status;

import org.jspecify.annotations.NullMarked;
