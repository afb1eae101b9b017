/* SPDX-License-Identifier: Apache-2.0 */
/** The worker's meters and their Prometheus form. Meters may be added and read from any thread. */
@NullMarked
package io.levada.runtime.metrics;

import org.jspecify.annotations.NullMarked;
