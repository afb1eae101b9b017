/* SPDX-License-Identifier: Apache-2.0 */
/** The {@code levada} command. */
@NullMarked
package io.levada.cli;

import org.jspecify.annotations.NullMarked;
