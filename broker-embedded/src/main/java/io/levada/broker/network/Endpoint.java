/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.network.ListenerName;

/**
 * One entry of {@code broker.listeners}, such as {@code PLAINTEXT://localhost:9092}.
 *
 * @param host the address to bind, empty for all
 * @param port 0 takes a free one
 */
public record Endpoint(ListenerName listener, String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("([A-Za-z0-9_]+)://(\\[[0-9A-Fa-f:.%]+]|[^:/\\[\\]]*):(\\d{1,5})");
    private static final int PORT_MAX = 65_535;

    public Endpoint {
        if (port < 0 || port > PORT_MAX) {
            throw new IllegalArgumentException("port " + port + " is not within 0 to " + PORT_MAX);
        }
    }

    /** Parses {@code NAME://host:port}; an IPv6 address stands in brackets. */
    public static Endpoint parse(String text) {
        Matcher matcher = FORM.matcher(text.trim());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("'" + text.trim() + "' is not of the form PLAINTEXT://host:port");
        }
        String host = matcher.group(2);
        String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
        return new Endpoint(ListenerName.normalised(matcher.group(1)), bare, Integer.parseInt(matcher.group(3)));
    }

    public Endpoint withPort(int bound) {
        return new Endpoint(listener, host, bound);
    }

    /** {@code host:port} as clients write it. */
    public String address() {
        return host.contains(":") ? "[" + host + "]:" + port : host + ":" + port;
    }
}
