/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What is said of configs that are valid and probably not meant: keys that nobody reads, with the nearest known one, and sinks whose
 * converters do not fit what their topics hold. Advice never refuses a config.
 */
@NullMarked
package io.levada.runtime.validation.advice;

import org.jspecify.annotations.NullMarked;
