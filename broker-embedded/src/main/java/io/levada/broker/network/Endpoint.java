/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
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
    /** What an empty host means. */
    static final String EVERY_ADDRESS = "0.0.0.0";

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

    /** Whether it is bound to every address of this machine. */
    public boolean isEveryAddress() {
        return addresses().stream().anyMatch(InetAddress::isAnyLocalAddress);
    }

    /** Whether this machine alone can reach it. A name that does not resolve promises nothing. */
    public boolean isLoopback() {
        List<InetAddress> addresses = addresses();
        return !addresses.isEmpty() && addresses.stream().allMatch(InetAddress::isLoopbackAddress);
    }

    /** Whether this machine knows what address the host has. */
    public boolean isResolvable() {
        return !addresses().isEmpty();
    }

    /** What the name stands for; a name may have several addresses, and which of them is bound is not ours to say. */
    private List<InetAddress> addresses() {
        try {
            return List.of(InetAddress.getAllByName(host.isEmpty() ? EVERY_ADDRESS : host));
        } catch (UnknownHostException unresolved) {
            return List.of();
        }
    }

    /** {@code host:port} as clients write it. */
    public String address() {
        String bound = host.isEmpty() ? EVERY_ADDRESS : host;
        return bound.contains(":") ? "[" + bound + "]:" + port : bound + ":" + port;
    }
}
