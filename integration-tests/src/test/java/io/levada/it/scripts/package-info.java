/* SPDX-License-Identifier: Apache-2.0 */
/** The scripts that a stranger runs before there is any Java of ours, each on a machine made of fakes. */
@NullMarked
package io.levada.it.scripts;

import org.jspecify.annotations.NullMarked;
