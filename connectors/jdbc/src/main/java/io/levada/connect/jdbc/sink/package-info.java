/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Writing: records become changes of rows, changes of one kind become batches, and a batch that fails is taken apart until only the
 * records at fault are left. Called by the task's thread.
 */
@NullMarked
package io.levada.connect.jdbc.sink;

import org.jspecify.annotations.NullMarked;
