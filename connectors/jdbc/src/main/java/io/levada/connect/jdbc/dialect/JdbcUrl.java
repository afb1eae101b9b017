/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * A JDBC URL that its dialect has taken apart and found harmless. The driver gets the URL without properties, and those apart.
 *
 * @param withoutProperties for the driver; fit for logs and messages
 * @param hosts as the URL names them, for messages; empty where the database is a file or in memory
 * @param database its name as the user wrote it; empty for the driver's default
 * @param properties allowed properties, decoded
 */
public record JdbcUrl(String withoutProperties, String hosts, String database, Map<String, String> properties) {

    public JdbcUrl {
        properties = Collections.unmodifiableMap(new TreeMap<>(properties));
    }

    /** The same as {@link #withoutProperties()}: properties may be secret. */
    @Override
    public String toString() {
        return withoutProperties;
    }
}
