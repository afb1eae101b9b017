/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Change capture of a database that random transactions work on, while connector, worker, database and network fail again and again; the
 * topics must tell what was committed. {@code ConsistencyIT} is the entry: {@code Workload} writes, and has the database note every change
 * beside it ({@code Noted}), {@code Trouble} breaks things, {@code Told} is what the topics say, {@code Verdict} holds one against the other.
 */
@NullMarked
package io.levada.it.capture;

import org.jspecify.annotations.NullMarked;
