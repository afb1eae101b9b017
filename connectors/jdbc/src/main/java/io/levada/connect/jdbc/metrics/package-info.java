/* SPDX-License-Identifier: Apache-2.0 */
/** Numbers of connectors among the worker's metrics of plugins (KIP-877). Used by the task's thread. */
@NullMarked
package io.levada.connect.jdbc.metrics;

import org.jspecify.annotations.NullMarked;
