/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A disk in memory that forgets at a power cut what it was not told to keep, behind the JDK's own file API: the broker is given a
 * {@link java.nio.file.Path} of it as its data directory and knows nothing of it.
 *
 * <p>A file has its bytes and what of them was forced; a folder has its names and which of them were forced. Between the two lies a list of
 * changes, of which a power cut takes what it likes. Used on one thread.
 */
@NullMarked
package io.levada.broker.simulation.disk;

import org.jspecify.annotations.NullMarked;
