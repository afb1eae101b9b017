/* SPDX-License-Identifier: Apache-2.0 */
/** Small files that must survive a crash whole. Called on executors that may block on disk. */
@NullMarked
package io.levada.broker.file;

import org.jspecify.annotations.NullMarked;
