/* SPDX-License-Identifier: Apache-2.0 */
/** What was probably meant where a key is unknown. Knows no other package; safe from any thread. */
@NullMarked
package io.levada.broker.spelling;

import org.jspecify.annotations.NullMarked;
