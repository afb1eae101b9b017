/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import java.time.ZoneId;
import java.util.Map;

/**
 * What the sessions of a connector have in common.
 *
 * @param driverProperties the connector's own, which the properties of the URL override
 * @param zone in which the database is to take, and to show, whatever is told to it or by it without a zone
 */
public record Session(Map<String, String> driverProperties, ZoneId zone) {

    public Session {
        driverProperties = Map.copyOf(driverProperties);
    }
}
