/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import io.levada.runtime.connector.Settings;
import io.levada.runtime.plugins.PluginChoice;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.FailurePolicy.Outcome;
import io.levada.runtime.task.errors.Operation;
import io.levada.runtime.task.errors.SchemasAdvice;
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

/**
 * A connector's transforms in their order, each behind its predicate if it has one (KIP-66, KIP-585). Used by the task's
 * thread.
 *
 * @param <R> source or sink records
 */
public final class TransformChain<R extends ConnectRecord<R>> {
    private final List<Link<R>> links;

    private TransformChain(List<Link<R>> links) {
        this.links = List.copyOf(links);
    }

    private record Link<R extends ConnectRecord<R>>(
            InUse<Transformation<R>> transform, @Nullable InUse<Predicate<R>> predicate, boolean negate) {
        @Nullable
        R apply(R record) {
            return predicate == null || predicate.call(asked -> asked.test(record)) != negate
                    ? transform.<@Nullable R>call(asked -> asked.apply(record))
                    : record;
        }
    }

    private record Passage<R extends ConnectRecord<R>>(Link<R> link, R record) implements Operation<R> {
        @Override
        public @Nullable R run() {
            return link.apply(record);
        }

        @Override
        public String advice() {
            return SchemasAdvice.forRecords(List.of(record));
        }
    }

    /** Makes and configures what {@code transforms} and {@code predicates} name; {@code plugins} closes it. */
    public static <R extends ConnectRecord<R>> TransformChain<R> open(
            TaskPlugins plugins, Map<String, @Nullable String> connectorConfig) {
        Map<String, InUse<Predicate<R>>> predicates = new HashMap<>();
        for (String alias : aliases(connectorConfig, "predicates")) {
            String prefix = "predicates." + alias + ".";
            PluginChoice choice = choice(connectorConfig, prefix);
            predicates.put(alias, plugins.predicate(alias, choice, settings(plugins, choice, connectorConfig, prefix)));
        }
        List<Link<R>> links = new ArrayList<>();
        for (String alias : aliases(connectorConfig, "transforms")) {
            links.add(link(plugins, connectorConfig, alias, predicates));
        }
        return new TransformChain<>(links);
    }

    private static <R extends ConnectRecord<R>> Link<R> link(
            TaskPlugins plugins,
            Map<String, @Nullable String> config,
            String alias,
            Map<String, InUse<Predicate<R>>> predicates) {
        String prefix = "transforms." + alias + ".";
        PluginChoice choice = choice(config, prefix);
        InUse<Transformation<R>> transform =
                plugins.transformation(alias, choice, settings(plugins, choice, config, prefix));
        String named = Settings.text(config, prefix + "predicate", "");
        if (named.isEmpty()) {
            return new Link<>(transform, null, false);
        }
        InUse<Predicate<R>> predicate = predicates.get(named);
        if (predicate == null) {
            throw new ConfigException(prefix + "predicate", named, "Must be one of predicates=" + predicates.keySet());
        }
        return new Link<>(transform, predicate, Boolean.parseBoolean(Settings.text(config, prefix + "negate")));
    }

    /**
     * Sends a record through.
     *
     * @return the record that comes out; null if a transform drops it, skipped if one fails and that is tolerated
     */
    public Outcome<R> apply(R record, FailurePolicy policy, FailurePolicy.Subject subject) throws InterruptedException {
        R current = record;
        for (Link<R> link : links) {
            R before = current;
            Outcome<R> outcome =
                    policy.run(Stage.TRANSFORMATION, link.transform.className(), subject, new Passage<>(link, before));
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

    private static PluginChoice choice(Map<String, @Nullable String> config, String prefix) {
        return new PluginChoice(
                TaskSpec.required(config, prefix + "type"), Settings.text(config, prefix + "plugin.version"));
    }

    private static Map<String, @Nullable String> settings(
            TaskPlugins plugins, PluginChoice choice, Map<String, @Nullable String> config, String prefix) {
        Map<String, @Nullable String> settings = new HashMap<>(plugins.defaultsOf(choice.name()));
        config.forEach((key, value) -> {
            if (key.startsWith(prefix)) {
                settings.put(key.substring(prefix.length()), value);
            }
        });
        return settings;
    }
}
