/* SPDX-License-Identifier: Apache-2.0 */
/** How what is wrong is put into words: failures, values of settings, and what was probably meant where a key is unknown. Knows no other package; safe from any thread. */
@NullMarked
package io.levada.broker.spelling;

import org.jspecify.annotations.NullMarked;
