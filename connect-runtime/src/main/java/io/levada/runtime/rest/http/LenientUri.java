/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;

/** Reads the addresses that clients really send: a character that RFC 3986 wants encoded, such as {@code |}, is encoded here. */
public final class LenientUri {
    private static final String TO_ENCODE = " \"<>\\^`{|}";

    private LenientUri() {}

    /** Throws 400 if it is no address even so. */
    public static URI of(String text) {
        StringBuilder encoded = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point < 0x80 && TO_ENCODE.indexOf(point) < 0) {
                encoded.appendCodePoint(point);
            } else {
                for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    encoded.append('%').append(String.format("%02X", octet & 0xff));
                }
            }
        });
        try {
            return new URI(encoded.toString());
        } catch (URISyntaxException e) {
            throw HttpStatusException.badPath(e.getReason());
        }
    }
}
