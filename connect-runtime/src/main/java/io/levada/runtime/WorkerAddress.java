/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import io.levada.runtime.config.WorkerConfig;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.apache.kafka.common.config.ConfigException;

/** The name of a worker: {@code host:port} of its REST API as others reach it. */
final class WorkerAddress {
    private static final String LISTENER = "rest.advertised.listener";
    private static final String HOST = "rest.advertised.host.name";
    private static final Pattern NAME = Pattern.compile("[^\\s/:]+|\\[?[0-9a-fA-F:.]+(%[^\\s/]+)?]?");
    private static final Set<String> EVERY_ADDRESS = Set.of("", "0.0.0.0", "::", "[::]");

    private WorkerAddress() {}

    /**
     * From {@code rest.advertised.host.name} and {@code .port}, and where they say nothing from the first listener of the protocol that
     * {@code rest.advertised.listener} names. Without that it is http where one of the listeners has it, as in Kafka Connect.
     *
     * @param restPorts the ports that REST listens on, in the order of {@code listeners}
     * @throws ConfigException if there is no listener of that protocol
     */
    static String of(WorkerConfig config, List<Integer> restPorts) {
        List<String> listeners = listeners(config);
        int advertised = advertised(config, listeners);
        String host = given(config, HOST);
        String port = given(config, "rest.advertised.port");
        return (host.isEmpty() ? host(listeners.get(advertised)) : host) + ":"
                + (port.isEmpty() || Integer.parseInt(port) == 0 ? String.valueOf(restPorts.get(advertised)) : port);
    }

    /**
     * The URL of the REST API at that address, as Kafka Connect tells it to other workers: with a slash at the end.
     *
     * @param address as {@link #of} has it
     */
    static String url(WorkerConfig config, String address) {
        List<String> listeners = listeners(config);
        String listener = listeners.get(advertised(config, listeners)).toLowerCase(Locale.ROOT);
        return (listener.startsWith("https://") ? "https://" : "http://") + address + "/";
    }

    /** Throws {@link ConfigException} for what cannot be advertised; to be called before anything is opened. */
    static void check(WorkerConfig config) {
        int unused = advertised(config, listeners(config));
        String host = given(config, HOST);
        if (!host.isEmpty() && !NAME.matcher(host).matches()) {
            throw new ConfigException(HOST, host, "Must be the name or address of a host and nothing else");
        }
    }

    private static List<String> listeners(WorkerConfig config) {
        return Arrays.stream(config.text("listeners").split(",", -1))
                .map(String::strip)
                .filter(listener -> !listener.isEmpty())
                .toList();
    }

    /** Which of the listeners others are told of. */
    private static int advertised(WorkerConfig config, List<String> listeners) {
        String wanted = given(config, LISTENER);
        int first = first(wanted.isEmpty() ? "http" : wanted.toLowerCase(Locale.ROOT), listeners);
        if (first < 0 && !wanted.isEmpty()) {
            throw new ConfigException(
                    LISTENER, wanted, "Must be http or https, and one of listeners=" + String.join(",", listeners));
        }
        return Math.max(first, 0);
    }

    private static int first(String protocol, List<String> listeners) {
        return IntStream.range(0, listeners.size())
                .filter(index -> listeners.get(index).toLowerCase(Locale.ROOT).startsWith(protocol + "://"))
                .findFirst()
                .orElse(-1);
    }

    private static String given(WorkerConfig config, String key) {
        return config.properties().getOrDefault(key, "").strip();
    }

    private static String host(String listener) {
        String host = URI.create(listener).getHost();
        return host == null || EVERY_ADDRESS.contains(host) ? thisHost() : host;
    }

    private static String thisHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException ignored) {
            return "localhost"; // A machine without a name is reached by nobody else either.
        }
    }
}
