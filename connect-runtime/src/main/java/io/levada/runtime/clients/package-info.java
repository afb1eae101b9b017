/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Settings of every Kafka client that a worker makes: its own, and those of tasks with the overrides that their
 * connector is allowed.
 *
 * <p>Pure functions; any thread.
 */
@NullMarked
package io.levada.runtime.clients;

import org.jspecify.annotations.NullMarked;
