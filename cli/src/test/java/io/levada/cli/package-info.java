/* SPDX-License-Identifier: Apache-2.0 */
/** The command as its user sees it: words in, text and exit code out. */
@NullMarked
package io.levada.cli;

import org.jspecify.annotations.NullMarked;
