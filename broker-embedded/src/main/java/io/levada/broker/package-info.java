/* SPDX-License-Identifier: Apache-2.0 */
/** The embedded broker: one entry point, {@code EmbeddedBroker}, over packages by feature. */
@NullMarked
package io.levada.broker;

import org.jspecify.annotations.NullMarked;
