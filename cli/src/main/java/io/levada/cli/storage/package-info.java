/* SPDX-License-Identifier: Apache-2.0 */
/** The verbs on a data directory while no broker runs on it: {@code levada storage}. They read files, never the network. */
@NullMarked
package io.levada.cli.storage;

import org.jspecify.annotations.NullMarked;
