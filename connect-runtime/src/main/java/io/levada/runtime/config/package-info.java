/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The worker's own configuration: strings bound once, at the edge, under the names that Kafka Connect uses.
 *
 * <p>Values only; owned by no thread.
 */
@NullMarked
package io.levada.runtime.config;

import org.jspecify.annotations.NullMarked;
