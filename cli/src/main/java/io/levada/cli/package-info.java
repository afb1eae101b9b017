/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The {@code levada} command: {@link io.levada.cli.Levada} reads the words, the packages below do the work. Everything
 * runs on the main thread.
 */
@NullMarked
package io.levada.cli;

import org.jspecify.annotations.NullMarked;
