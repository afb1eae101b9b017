/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The small files around the records, and what changes names on disk: {@link io.levada.broker.log.files.LogFiles} is the seam through which the log
 * forces, renames and deletes, so that a test can stand in for a disk that fails. No file here is ever seen half written: it is written beside its
 * name, forced, and renamed.
 */
@NullMarked
package io.levada.broker.log.files;

import org.jspecify.annotations.NullMarked;
