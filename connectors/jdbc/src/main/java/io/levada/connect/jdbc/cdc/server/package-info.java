/* SPDX-License-Identifier: Apache-2.0 */
/**
 * The database server as change capture needs it: connections, the replication slot, the publication, and whether the server is set
 * up for it. Blocks; each object is used by one thread.
 */
@NullMarked
package io.levada.connect.jdbc.cdc.server;

import org.jspecify.annotations.NullMarked;
