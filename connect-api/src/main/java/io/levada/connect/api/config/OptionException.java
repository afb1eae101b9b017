/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/**
 * A value that is wrong only in the light of other values. Thrown by the compact constructor of a configuration record;
 * {@link ConfigSpec#validate} shows it under the key it names.
 */
public final class OptionException extends ConfigException {

    private static final long serialVersionUID = 1L;

    private final String key;

    /**
     * @param key the key to show the problem under
     * @param value its value, or null when it is missing; never a secret
     * @param rule what must hold, and what to do
     */
    public OptionException(String key, @Nullable Object value, String rule) {
        super(key, value, rule);
        this.key = key;
    }

    /** The key the problem is shown under. */
    public String key() {
        return key;
    }
}
