/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The worker's own configuration, from its properties file: strings bound once, at the edge, under the names that Kafka Connect uses.
 * What connectors are configured with is in {@code configtopic}.
 *
 * <p>Values only; owned by no thread.
 */
@NullMarked
package io.levada.runtime.config;

import org.jspecify.annotations.NullMarked;
