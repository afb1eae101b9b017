/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;

/** Gives another value each time it is asked, as one that lends credentials does: {@link #value} of 1, 2 and so on. */
public final class NumberingProvider implements ConfigProvider {
    private static final String TTL = "ttl";

    private final AtomicInteger asked = new AtomicInteger();
    private long ttl = -1;

    /** The keys of a worker that has one under the name {@code lent}. */
    public static Map<String, String> worker() {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put("config.providers", "lent");
        keys.put("config.providers.lent.class", NumberingProvider.class.getName());
        return keys;
    }

    /** The same, of values that live so long. */
    static Map<String, String> worker(long ttlMs) {
        Map<String, String> keys = worker();
        keys.put("config.providers.lent.param." + TTL, Long.toString(ttlMs));
        return keys;
    }

    /** No value is part of another. */
    public static String value(int number) {
        return String.format("secret-%05d", number);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        Object given = configs.get(TTL);
        ttl = given == null ? -1 : Long.parseLong(given.toString());
    }

    @Override
    public ConfigData get(String path) {
        return get(path, Set.of());
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
        String value = value(asked.incrementAndGet());
        Map<String, String> values = keys.stream().collect(Collectors.toMap(key -> key, key -> value));
        return ttl < 0 ? new ConfigData(values) : new ConfigData(values, ttl);
    }

    @Override
    public void close() {}
}
