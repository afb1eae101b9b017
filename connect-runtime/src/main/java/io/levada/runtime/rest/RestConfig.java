/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import io.levada.runtime.rest.calls.TopicTracking;
import io.levada.runtime.rest.extension.RestExtensions;
import io.levada.runtime.rest.http.AllowedOrigins;
import io.levada.runtime.rest.http.ExtraHeaders;
import io.levada.runtime.rest.http.Listener;
import io.levada.runtime.rest.http.ListenerTls;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.ConfigException;

/**
 * The worker keys that concern REST.
 *
 * @param listeners where the API listens
 * @param adminListeners where the admin endpoints listen: empty means with the rest, an empty list nowhere (KIP-495)
 * @param origins where a browser's requests may come from besides the worker's own console
 * @param headers added to every answer
 * @param topicTracking KIP-558
 * @param limits bounds of one request
 * @param extensions classes of REST extensions, which every request must pass (KIP-285)
 * @param tls of those of {@code listeners} that speak HTTPS; empty if none does
 * @param adminTls of those of {@code adminListeners}
 */
public record RestConfig(
        List<Listener> listeners,
        Optional<List<Listener>> adminListeners,
        AllowedOrigins origins,
        ExtraHeaders headers,
        TopicTracking topicTracking,
        Limits limits,
        List<String> extensions,
        Optional<ListenerTls> tls,
        Optional<ListenerTls> adminTls) {
    static final String LISTENERS = "listeners";
    static final String ADMIN_LISTENERS = "admin.listeners";
    private static final String INSECURE = "rest.insecure";

    public RestConfig {
        listeners = List.copyOf(listeners);
        adminListeners = adminListeners.map(List::copyOf);
        extensions = List.copyOf(extensions);
    }

    /**
     * Bounds of one request.
     *
     * @param bodyBytesMax of a request; a longer one is answered with 413
     * @param headerBytesMax of all headers together, and of the request line
     * @param requestTimeout until a request that waits is answered with 500, or with 408 if its body has not come
     */
    record Limits(int bodyBytesMax, int headerBytesMax, Duration requestTimeout) {
        static final Limits DEFAULT = new Limits(10 << 20, 16 << 10, Duration.ofSeconds(90));
    }

    /**
     * Reads a worker's properties.
     *
     * @throws ConfigException for what is malformed, and for a listener that others can reach although
     *     nobody has to log in
     */
    public static RestConfig from(Map<String, String> worker) {
        List<Listener> listeners = Listener.list(LISTENERS, worker.getOrDefault(LISTENERS, "http://localhost:8083"));
        if (listeners.isEmpty()) {
            throw new ConfigException(LISTENERS, "", "At least one listener is needed, such as http://localhost:8083.");
        }
        Optional<List<Listener>> admin =
                Optional.ofNullable(worker.get(ADMIN_LISTENERS)).map(value -> Listener.list(ADMIN_LISTENERS, value));
        refuseTwice(listeners, admin.orElse(List.of()));
        Optional<ListenerTls> tls = tls(worker, LISTENERS, listeners);
        Optional<ListenerTls> adminTls = tls(worker, ADMIN_LISTENERS, admin.orElse(List.of()));
        if (!Boolean.parseBoolean(worker.getOrDefault(INSECURE, "false").trim())) {
            refuseOpenDoors(LISTENERS, listeners, tls);
            refuseOpenDoors(ADMIN_LISTENERS, admin.orElse(List.of()), adminTls);
        }
        return new RestConfig(
                listeners,
                admin,
                AllowedOrigins.of(
                        words(worker.getOrDefault(AllowedOrigins.ORIGINS, "")),
                        words(worker.getOrDefault(AllowedOrigins.METHODS, ""))),
                ExtraHeaders.parse(worker.getOrDefault("response.http.headers.config", "")),
                new TopicTracking(flag(worker, "topic.tracking.enable"), flag(worker, "topic.tracking.allow.reset")),
                Limits.DEFAULT,
                words(worker.getOrDefault(RestExtensions.KEY, "")).stream()
                        .distinct()
                        .toList(),
                tls,
                adminTls);
    }

    /** What the HTTPS listeners of a key show and ask for. */
    ListenerTls tlsOf(String key) {
        return (key.equals(ADMIN_LISTENERS) ? adminTls : tls).orElseThrow();
    }

    private static Optional<ListenerTls> tls(Map<String, String> worker, String key, List<Listener> listeners) {
        ListenerTls.checkClientAuth(worker, key); // Also where no listener asks for it yet.
        return listeners.stream().anyMatch(Listener::tls)
                ? Optional.of(ListenerTls.from(worker, key))
                : Optional.empty();
    }

    private static void refuseTwice(List<Listener> listeners, List<Listener> admin) {
        Set<String> taken = new HashSet<>();
        listeners.forEach(listener -> refuseTwice(LISTENERS, listener, taken));
        admin.forEach(listener -> refuseTwice(ADMIN_LISTENERS, listener, taken));
    }

    private static void refuseTwice(String key, Listener listener, Set<String> taken) {
        String address = listener.host().toLowerCase(Locale.ROOT) + ":" + listener.port();
        if (listener.port() != 0 && !taken.add(address)) {
            throw new ConfigException(
                    key,
                    listener.url(listener.port()),
                    "Another listener has this address already: give it a port of its own, or leave one of them out.");
        }
    }

    private static void refuseOpenDoors(String key, List<Listener> listeners, Optional<ListenerTls> tls) {
        boolean login = tls.filter(ListenerTls::asksForLogin).isPresent();
        for (Listener listener : listeners) {
            if (!listener.isLoopback() && !(listener.tls() && login)) {
                throw new ConfigException(
                        "REST would listen on " + listener.host() + ":" + listener.port() + " (" + key
                                + "), where others can reach it, and nobody has to log in: whoever reaches it can read and change every connector."
                                + " Listen on localhost, on https:// with ssl.client.auth=required, or set rest.insecure=true if the network keeps strangers out.");
            }
        }
    }

    private static boolean flag(Map<String, String> worker, String key) {
        return Boolean.parseBoolean(worker.getOrDefault(key, "true").trim());
    }

    private static List<String> words(String commaList) {
        return Arrays.stream(commaList.split(",", -1))
                .map(String::trim)
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
