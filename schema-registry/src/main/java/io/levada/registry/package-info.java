/* SPDX-License-Identifier: Apache-2.0 */
/** The schema registry. */
@NullMarked
package io.levada.registry;

import org.jspecify.annotations.NullMarked;
