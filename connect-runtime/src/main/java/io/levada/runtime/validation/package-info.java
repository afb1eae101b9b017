/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Judges connector configs as Kafka Connect does: the worker's own keys, the connector's, its converters', transforms', predicates'
 * and client overrides, in one answer. What runs plugin code runs on threads of this package, with a time limit
 * ({@link io.levada.runtime.validation.ValidationService}); everything else is plain functions.
 */
@NullMarked
package io.levada.runtime.validation;

import org.jspecify.annotations.NullMarked;
