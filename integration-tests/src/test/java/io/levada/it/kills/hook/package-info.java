/* SPDX-License-Identifier: Apache-2.0 */
/**
 * A file system that ends the process at a chosen moment. It runs inside the broker's process, as Java's default file system
 * ({@code -Djava.nio.file.spi.DefaultFileSystemProvider}), so that the broker itself needs no switch for it, and stands on nothing but the JDK.
 * Everything is handed on to the real file system; {@link Fuse} is told of each step that changes a file.
 */
@NullMarked
package io.levada.it.kills.hook;

import org.jspecify.annotations.NullMarked;
