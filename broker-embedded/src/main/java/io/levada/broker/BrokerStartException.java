/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import org.jspecify.annotations.Nullable;

/** The broker cannot start; the message is one line that names the cause and the way out. */
public final class BrokerStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BrokerStartException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
