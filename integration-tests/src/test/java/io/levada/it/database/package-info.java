/* SPDX-License-Identifier: Apache-2.0 */
/** A database, the network before it, and what goes wrong with both and with the worker: what tests of the database connectors share. */
@NullMarked
package io.levada.it.database;

import org.jspecify.annotations.NullMarked;
