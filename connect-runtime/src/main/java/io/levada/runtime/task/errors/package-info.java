/* SPDX-License-Identifier: Apache-2.0 */
/**
 * What happens to a record that a stage of its way cannot take (KIP-298, KIP-610): tried again, skipped and reported, or
 * the end of its task.
 *
 * <p>Called on the task's thread; the dead letter producer's callbacks complete futures only. No state is shared between
 * records.
 */
@NullMarked
package io.levada.runtime.task.errors;

import org.jspecify.annotations.NullMarked;
