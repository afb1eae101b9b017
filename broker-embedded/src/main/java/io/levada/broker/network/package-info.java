/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Sockets and frames: the only package that knows Vert.x and Netty.
 *
 * <p>Everything here runs on Vert.x event loops, one per connection, and never blocks: a request is handed to the
 * {@link io.levada.broker.api.Dispatcher}, its answer comes back by a future. Memory per connection is bounded: what is announced is not
 * allocated before it arrives, and a client that does not read its answers is not read from either.
 */
@NullMarked
package io.levada.broker.network;

import org.jspecify.annotations.NullMarked;
