/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import io.levada.runtime.connector.ConnectorName;
import java.nio.charset.StandardCharsets;

/** Writes a connector's name into the path of a Location header: percent-encodes what a path segment may not hold (RFC 3986, 3.3). */
public final class LocationName {
    private static final String PLAIN = "-._~!$&'()*+,;=:@";

    private LocationName() {}

    /** Dots alone are encoded as well, because many clients take them out of a path. */
    public static String encode(String name) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (octet & 0xff);
            if (c < 128 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        String segment = encoded.toString();
        return ConnectorName.isDots(name) ? segment.replace(".", "%2E") : segment;
    }
}
