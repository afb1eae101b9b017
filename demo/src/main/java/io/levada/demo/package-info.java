/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The demo: a real PostgreSQL whose {@code orders} table keeps growing, a worker with its broker, a JDBC source into a topic, two
 * transforms, and from there into a file and into S3. One entry point, {@link io.levada.demo.Demo}.
 *
 * <p>The demo checks what it shows: {@link io.levada.demo.Audit} compares the rows of the table with the records of the topic, the
 * lines of the file and the objects in S3.
 *
 * <p>Threads: {@code demo-load} inserts rows; everything else runs on the thread that called {@code Demo.run}.
 */
@NullMarked
package io.levada.demo;

import org.jspecify.annotations.NullMarked;
