/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.apache.kafka.common.config.ConfigException;

/**
 * An address that REST listens on.
 *
 * @param host a name or address; {@code 0.0.0.0} for all
 * @param port 0 for any free one
 * @param tls whether it speaks HTTPS
 */
public record Listener(String host, int port, boolean tls) {
    private static final int PORT_MAX = 65_535;

    /** The listeners of a comma list such as {@code http://localhost:8083}; {@code key} is named in errors. */
    public static List<Listener> list(String key, String value) {
        return Arrays.stream(value.split(",", -1))
                .map(String::trim)
                .filter(part -> !part.isEmpty())
                .map(part -> of(key, part))
                .toList();
    }

    private static Listener of(String key, String text) {
        // An empty host means all interfaces, as Kafka Connect has it; a URI needs one.
        String url = text.replaceFirst("://:", "://0.0.0.0:");
        try {
            URI uri = new URI(url);
            String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
            boolean tls = scheme.equals("https");
            if (!(tls || scheme.equals("http")) || uri.getHost() == null || uri.getPort() < 0) {
                throw new ConfigException(key, text, "Write it as http://host:port or https://host:port.");
            }
            if (uri.getPort() > PORT_MAX) {
                throw new ConfigException(key, text, "A port is at most " + PORT_MAX + "; 0 takes a free one.");
            }
            if (!List.of("", "/").contains(uri.getRawPath())
                    || uri.getRawQuery() != null
                    || uri.getRawFragment() != null) {
                throw new ConfigException(key, text, "A listener has no path: write it as http://host:port.");
            }
            return new Listener(uri.getHost().replaceAll("[\\[\\]]", ""), uri.getPort(), tls);
        } catch (URISyntaxException e) {
            throw new ConfigException(key, text, "Write it as http://host:port or https://host:port.");
        }
    }

    /** As a URL, with the port that it has really. */
    public String url(int actualPort) {
        return (tls ? "https://" : "http://") + (host.contains(":") ? "[" + host + "]" : host) + ":" + actualPort;
    }

    /** Whether only this machine can reach it. */
    public boolean isLoopback() {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
