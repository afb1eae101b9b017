/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** Parameters of the plugin that users may set: {@code name=value;name=value}. The others decide how we read what it sends. */
public final class StreamParams implements ConfigDef.Validator {

    /** The first PostgreSQL that knows them. */
    static final int SINCE = 16;

    private static final Set<String> ALLOWED = Set.of("origin");

    /**
     * The parameters of an option's value, in their order.
     *
     * @throws IllegalArgumentException if one is no pair, or may not be set
     */
    static Map<String, String> of(String list) {
        Map<String, String> params = new LinkedHashMap<>();
        for (String each : list.split(";")) {
            int equals = each.indexOf('=');
            if (each.isBlank()) {
                continue;
            }
            String name = each.substring(0, Math.max(0, equals)).strip();
            if (!ALLOWED.contains(name)) {
                throw new IllegalArgumentException("'" + each.strip() + "' is not origin=none or origin=any");
            }
            params.put(name, each.substring(equals + 1).strip());
        }
        return params;
    }

    @Override
    public void ensureValid(String name, @Nullable Object value) {
        try {
            if (value != null) {
                Map<String, String> unused = of((String) value);
            }
        } catch (IllegalArgumentException e) {
            throw new ConfigException(
                    name,
                    value,
                    "may only have origin, since the connector sets the others by itself: " + e.getMessage());
        }
    }

    @Override
    public String toString() {
        return "origin=none or origin=any";
    }
}
