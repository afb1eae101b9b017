/* SPDX-License-Identifier: Apache-2.0 */
/**
 * Looking at a data directory that no broker uses, behind {@code levada storage}: {@link io.levada.broker.log.storage.Storage} verifies, dumps, and
 * repairs. It reads everything anew and trusts no index; it changes nothing unless told to apply a repair, and then keeps what it takes away.
 */
@NullMarked
package io.levada.broker.log.storage;

import org.jspecify.annotations.NullMarked;
