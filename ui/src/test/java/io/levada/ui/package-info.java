/* SPDX-License-Identifier: Apache-2.0 */
/** What can be checked of the console without a browser. */
@NullMarked
package io.levada.ui;

import org.jspecify.annotations.NullMarked;
