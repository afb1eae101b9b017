/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The one place that knows the embedded broker: starts it where no {@code bootstrap.servers} are given, and shows the
 * rest of the worker an address like any other. Runs on the thread that starts and stops the worker.
 */
@NullMarked
package io.levada.runtime.embedded;

import org.jspecify.annotations.NullMarked;
