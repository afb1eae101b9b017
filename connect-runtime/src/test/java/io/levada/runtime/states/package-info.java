/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What becomes of connectors and tasks over any sequence of commands, failures and restarts of the worker: the herder with all its
 * parts against a small model of Kafka Connect's rules. Brokers, REST and the tasks' clients alone are missing.
 */
@NullMarked
package io.levada.runtime.states;

import org.jspecify.annotations.NullMarked;
