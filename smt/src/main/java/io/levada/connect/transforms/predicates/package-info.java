/* SPDX-License-Identifier: Apache-2.0 */
/** Predicates: which records a transform applies to (KIP-585). Called by the task's thread only. */
@NullMarked
package io.levada.connect.transforms.predicates;

import org.jspecify.annotations.NullMarked;
