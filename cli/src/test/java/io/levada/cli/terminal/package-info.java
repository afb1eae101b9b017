/* SPDX-License-Identifier: Apache-2.0 */
/** What is printed. */
@NullMarked
package io.levada.cli.terminal;

import org.jspecify.annotations.NullMarked;
