/* SPDX-License-Identifier: Apache-2.0 */
/** What every verb says to the person or script that called it: tables, JSON, problems, exit codes. Main thread. */
@NullMarked
package io.levada.cli.terminal;

import org.jspecify.annotations.NullMarked;
