/* SPDX-License-Identifier: Apache-2.0 */
/** Verbs that become a server: worker and broker. The main thread starts it and waits; a signal closes it on the JVM's shutdown thread. */
@NullMarked
package io.levada.cli.server;

import org.jspecify.annotations.NullMarked;
