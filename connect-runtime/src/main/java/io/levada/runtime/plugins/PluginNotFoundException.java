/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import org.apache.kafka.connect.errors.ConnectException;

/** No plugin has the name asked for, or more than one has; the message says which are there and what to do. */
public final class PluginNotFoundException extends ConnectException {
    private static final long serialVersionUID = 1L;

    PluginNotFoundException(String message) {
        super(message);
    }
}
