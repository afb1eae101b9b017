/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The small files around the records, and what changes names on disk: {@link io.levada.broker.log.files.LogFiles} is the seam through which the log
 * forces, renames and deletes, so that a test can stand in for a disk that fails. No file here is ever seen half written: it is written beside its
 * name, forced, and renamed. A {@link io.levada.broker.log.files.LogFile} holds the records of a segment and is open only while it is used, as far as
 * {@link io.levada.broker.log.files.OpenFiles} has room for it.
 */
@NullMarked
package io.levada.broker.log.files;

import org.jspecify.annotations.NullMarked;
