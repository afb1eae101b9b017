/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.plugins.Plugins;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.FailurePolicy.Outcome;
import io.levada.runtime.task.errors.Stage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.transforms.Transformation;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connector's transforms in their order, each behind its predicate if it has one (KIP-66, KIP-585). Used by the task's
 * thread.
 *
 * @param <R> source or sink records
 */
public final class TransformChain<R extends ConnectRecord<R>> implements AutoCloseable {
    private static final Logger LOGGER = LoggerFactory.getLogger(TransformChain.class);

    private final List<Link<R>> links;
    private final List<Predicate<R>> predicates;

    private TransformChain(List<Link<R>> links, List<Predicate<R>> predicates) {
        this.links = links;
        this.predicates = predicates;
    }

    private record Link<R extends ConnectRecord<R>>(
            Transformation<R> transform, @Nullable Predicate<R> predicate, boolean negate) {
        @Nullable
        R apply(R record) {
            return predicate == null || predicate.test(record) != negate ? transform.apply(record) : record;
        }
    }

    /** Makes and configures what {@code transforms} and {@code predicates} name. */
    public static <R extends ConnectRecord<R>> TransformChain<R> open(
            Plugins plugins, Map<String, @Nullable String> connectorConfig) {
        Map<String, Predicate<R>> predicates = new HashMap<>();
        List<Link<R>> links = new ArrayList<>();
        try {
            for (String alias : aliases(connectorConfig, "predicates")) {
                String type = type(connectorConfig, "predicates." + alias + ".type");
                Predicate<R> predicate = plugins.newPredicate(type);
                predicate.configure(settings(plugins, type, connectorConfig, "predicates." + alias + "."));
                predicates.put(alias, predicate);
            }
            for (String alias : aliases(connectorConfig, "transforms")) {
                links.add(link(plugins, connectorConfig, alias, predicates));
            }
        } catch (Throwable e) {
            new TransformChain<>(links, List.copyOf(predicates.values())).close();
            throw e;
        }
        return new TransformChain<>(links, List.copyOf(predicates.values()));
    }

    private static <R extends ConnectRecord<R>> Link<R> link(
            Plugins plugins, Map<String, @Nullable String> config, String alias, Map<String, Predicate<R>> predicates) {
        String prefix = "transforms." + alias + ".";
        String type = type(config, prefix + "type");
        Transformation<R> transform = plugins.newTransformation(type);
        transform.configure(settings(plugins, type, config, prefix));
        String named = config.get(prefix + "predicate");
        if (named == null || named.isBlank()) {
            return new Link<>(transform, null, false);
        }
        Predicate<R> predicate = predicates.get(named);
        if (predicate == null) {
            throw new ConfigException(prefix + "predicate", named, "Must be one of predicates=" + predicates.keySet());
        }
        return new Link<>(transform, predicate, Boolean.parseBoolean(config.get(prefix + "negate")));
    }

    /**
     * Sends a record through.
     *
     * @return the record that comes out; null if a transform drops it, skipped if one fails and that is tolerated
     */
    public Outcome<R> apply(R record, FailurePolicy policy, FailurePolicy.Subject subject) {
        R current = record;
        for (Link<R> link : links) {
            R before = current;
            Outcome<R> outcome = policy.run(
                    Stage.TRANSFORMATION, link.transform.getClass().getName(), subject, () -> link.apply(before));
            current = outcome.result();
            if (current == null) {
                return outcome;
            }
        }
        return new Outcome<>(false, current);
    }

    private static List<String> aliases(Map<String, @Nullable String> config, String key) {
        String listed = config.get(key);
        return listed == null
                ? List.of()
                : Arrays.stream(listed.split(",", -1))
                        .map(String::strip)
                        .filter(alias -> !alias.isEmpty())
                        .toList();
    }

    private static String type(Map<String, @Nullable String> config, String key) {
        return TaskSpec.required(config, key);
    }

    private static Map<String, @Nullable String> settings(
            Plugins plugins, String type, Map<String, @Nullable String> config, String prefix) {
        Map<String, @Nullable String> settings = new HashMap<>(plugins.defaultsOf(type));
        config.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }

    @Override
    public void close() {
        links.forEach(link -> close(link.transform));
        predicates.forEach(TransformChain::close);
    }

    private static void close(AutoCloseable plugin) {
        try {
            plugin.close();
        } catch (Exception e) {
            LOGGER.atWarn()
                    .addKeyValue("plugin", plugin.getClass().getName())
                    .setCause(e)
                    .log("transform did not close");
        }
    }
}
