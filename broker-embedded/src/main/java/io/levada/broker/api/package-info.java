/* SPDX-License-Identifier: Apache-2.0 */
/**
 * From the bytes of a request to its handler and back: parsing with Kafka's own classes, the table of served APIs, and the one place where an
 * exception becomes an error code.
 *
 * <p>Called on the network's event loops, so nothing here blocks. Handlers answer by a future that any thread may complete.
 */
@NullMarked
package io.levada.broker.api;

import org.jspecify.annotations.NullMarked;
