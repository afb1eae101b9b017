/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import org.apache.kafka.connect.errors.ConnectException;

/** An option that does not fit what is in the database. */
public final class OptionFault extends ConnectException {

    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key of the option to change
     * @param message what is wrong, and what to do
     */
    OptionFault(String key, String message) {
        super(message);
        this.key = key;
    }

    /** The option to change. */
    String key() {
        return key;
    }
}
