/* SPDX-License-Identifier: Apache-2.0 */
/** The worker: one entry point, {@code Worker}, over packages by feature. */
@NullMarked
package io.levada.runtime;

import org.jspecify.annotations.NullMarked;
