/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From the bytes of a request to its handler and back: parsing with Kafka's own classes, the table of served APIs, and the one place where an
 * exception becomes an error code.
 *
 * <p>A connection has one {@link io.levada.broker.api.Session}: where it came from, who has logged in, what the client told of itself. A handler is
 * called with a {@link io.levada.broker.api.Caller}, which is that session and the header of the request at hand. Through it the handler asks the
 * {@link io.levada.broker.api.Authorizer} for every resource that Apache Kafka asks for, and puts the refusal where Kafka puts it: on the topic, the
 * partition or the group if the answer has a place for that, else on the whole request ({@code requireOn...}). When the answer is there, the
 * {@link io.levada.broker.api.Throttle} decides how long the client has to pause; the answer says so, and the connection keeps to it.
 *
 * <p>Called on the network's event loops, so nothing here blocks. Handlers answer by a future that any thread may complete.
 */
@NullMarked
package io.levada.broker.api;

import org.jspecify.annotations.NullMarked;
