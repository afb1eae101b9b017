/* SPDX-License-Identifier: Apache-2.0 */
/** Threads that a connector has besides those of the worker. */
@NullMarked
package io.levada.connect.jdbc.threads;

import org.jspecify.annotations.NullMarked;
