/* SPDX-License-Identifier: Apache-2.0 */
/** Servers as the command starts them. */
@NullMarked
package io.levada.cli.server;

import org.jspecify.annotations.NullMarked;
