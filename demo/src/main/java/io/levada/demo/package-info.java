/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The demo: a real PostgreSQL whose table {@code orders} changes all the time, a worker with its broker, change capture into a
 * topic, transforms, and from there into a file and into S3. One entry point, {@link io.levada.demo.Demo}.
 *
 * <p>The demo checks what it shows: {@link io.levada.demo.Audit} compares the changes of the table, which a trigger
 * notes, with the records of the topic, the lines of the file and the objects in S3.
 *
 * <p>Threads: {@code demo-load} changes the table; everything else runs on the thread that called {@code Demo.run}.
 */
@NullMarked
package io.levada.demo;

import org.jspecify.annotations.NullMarked;
