/* SPDX-License-Identifier: Apache-2.0 */
/** Changes the levels of loggers while the worker runs. Called from any thread. */
@NullMarked
package io.levada.runtime.logging;

import org.jspecify.annotations.NullMarked;
