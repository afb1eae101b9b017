/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Sockets and frames: the only package that knows Vert.x and Netty.
 *
 * <p>Everything here runs on Vert.x event loops, one per connection, and never blocks: a request is handed to the
 * {@link io.levada.broker.api.Dispatcher}, its answer comes back by a future.
 *
 * <p>Memory is bounded. What is announced is not allocated before it arrives. A connection that holds {@link io.levada.broker.network.Pipeline}'s few
 * megabytes of requests is not read from until they are worked off, and one that has not read its answers gets nothing new started. All connections
 * together stay within {@link io.levada.broker.network.RequestMemory}. Nobody is ever answered with an error for lack of memory: who has to wait is not
 * read from.
 */
@NullMarked
package io.levada.broker.network;

import org.jspecify.annotations.NullMarked;
