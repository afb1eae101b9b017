/* SPDX-License-Identifier: Apache-2.0 */
/** Converters between Connect data and bytes. */
@NullMarked
package io.levada.connect.converters;

import org.jspecify.annotations.NullMarked;
