/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The keys that configs may have: Kafka Connect's own for sources and sinks, those of transforms and predicates, and what plugins define.
 * Plain functions; those that ask plugins run on the threads of the caller.
 */
@NullMarked
package io.levada.runtime.validation.keys;

import org.jspecify.annotations.NullMarked;
