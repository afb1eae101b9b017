/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.config;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.Config;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.ConfigValue;
import org.jspecify.annotations.Nullable;

/**
 * The configuration that a record class declares: its {@link ConfigDef}, and the way from a map of strings to an instance.
 *
 * <pre>{@code
 * record SinkConfig(
 *         @Option(name = "file", doc = "Where to write.", importance = HIGH) Path file,
 *         @Option(name = "batch.size", doc = "Records a write.", defaultValue = "500", min = 1) int batchSize) {
 *
 *     static final ConfigSpec<SinkConfig> SPEC = ConfigSpec.of(SinkConfig.class);
 * }
 * SinkConfig config = SinkConfig.SPEC.bind(properties);
 * }</pre>
 *
 * @param <T> the record class
 */
public final class ConfigSpec<T extends Record> {

    private final Class<T> type;
    private final ConfigDef definition;

    private ConfigSpec(Class<T> type, ConfigDef definition) {
        this.type = type;
        this.definition = definition;
    }

    /**
     * Reads the options of a record class.
     *
     * @throws IllegalArgumentException if a component is neither an option of a known type, nor a map of {@link OptionsBelow} a prefix,
     *     nor a record of options
     */
    public static <T extends Record> ConfigSpec<T> of(Class<T> type) {
        ConfigDef definition = new ConfigDef();
        define(type, definition);
        return new ConfigSpec<>(type, definition);
    }

    /**
     * Names keys that users of a compatible connector may have set, and that this one does not honour: setting one fails
     * validation under its own name instead of being ignored.
     *
     * @param keys each key with the reason, or with what to use instead
     */
    public ConfigSpec<T> refusing(Map<String, String> keys) {
        ConfigDef extended = new ConfigDef(definition);
        // In a stable order, whatever map was given: documentation is generated from it.
        new TreeMap<>(keys).forEach((key, reason) -> extended.define(RefusedOption.key(key, reason)));
        return new ConfigSpec<>(type, extended);
    }

    /**
     * Names keys of a compatible connector that mean nothing here, so that a configuration written for it is taken as it is: any of
     * the values that a key names is accepted and without effect, another fails validation under the key's own name.
     */
    public ConfigSpec<T> ignoring(List<IgnoredOption> keys) {
        ConfigDef extended = new ConfigDef(definition);
        keys.forEach(key -> extended.define(key.key()));
        return new ConfigSpec<>(type, extended);
    }

    /** The definition for {@code Connector.config()}; a copy of the caller's own. */
    public ConfigDef configDef() {
        return new ConfigDef(definition);
    }

    /**
     * Gives the typed configuration.
     *
     * @throws ConfigException that lists every problem, one a line
     */
    public T bind(Map<String, String> properties) {
        List<ConfigValue> values = definition.validate(properties);
        List<String> problems =
                values.stream().flatMap(v -> v.errorMessages().stream()).collect(Collectors.toList());
        if (!problems.isEmpty()) {
            throw new ConfigException(String.join("\n", problems));
        }
        return instantiate(type, given(values, properties));
    }

    /**
     * Validates for {@code Connector.validate()}: the problems of each key, then, if there are none, those that the record's
     * constructor finds between keys. A problem of a key that is none of the options, such as one {@link OptionsBelow} a prefix, is told
     * under that key, and its value is not: nobody knows whether it is secret.
     */
    public Config validate(Map<String, String> properties) {
        List<ConfigValue> values = new ArrayList<>(definition.validate(properties));
        if (values.stream().allMatch(v -> v.errorMessages().isEmpty())) {
            try {
                instantiate(type, given(values, properties));
            } catch (OptionException e) {
                value(values, properties, e).addErrorMessage(String.valueOf(e.getMessage()));
            }
        }
        return new Config(values);
    }

    private ConfigValue value(List<ConfigValue> values, Map<String, String> properties, OptionException problem) {
        for (ConfigValue value : values) {
            if (value.name().equals(problem.key())) {
                return value;
            }
        }
        if (!properties.containsKey(problem.key())) {
            throw new IllegalStateException("no option " + problem.key() + " in " + type, problem);
        }
        ConfigValue undeclared = new ConfigValue(problem.key());
        values.add(undeclared);
        return undeclared;
    }

    /** What the user gave: values of options, and all other keys as they are. */
    private record Given(Map<String, @Nullable Object> values, Map<String, String> others) {

        Map<String, String> below(String prefix) {
            return others.entrySet().stream()
                    .filter(each -> each.getKey().startsWith(prefix))
                    .collect(Collectors.toUnmodifiableMap(
                            each -> each.getKey().substring(prefix.length()), Map.Entry::getValue));
        }
    }

    private Given given(List<ConfigValue> values, Map<String, String> properties) {
        Map<String, @Nullable Object> byName = new HashMap<>();
        values.forEach(v -> byName.put(v.name(), v.value()));
        Map<String, String> others = new HashMap<>(properties);
        others.keySet().removeAll(definition.names());
        others.values().removeIf(Objects::isNull);
        return new Given(byName, others);
    }

    private static void define(Class<?> type, ConfigDef definition) {
        Map<String, Integer> orderInGroup = new HashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            Option option = component.getAnnotation(Option.class);
            if (option != null) {
                int order = orderInGroup.merge(option.group(), 1, Integer::sum);
                definition.define(OptionKey.of(component, option, order));
            } else if (component.getType().isRecord()) {
                define(component.getType(), definition);
            } else if (!component.isAnnotationPresent(OptionsBelow.class) || component.getType() != Map.class) {
                throw new IllegalArgumentException("component " + component.getName() + " of " + type
                        + " is neither an @Option, nor a map of @OptionsBelow, nor a record of options");
            }
        }
    }

    private static <R> R instantiate(Class<R> type, Given given) {
        RecordComponent[] components = type.getRecordComponents();
        List<@Nullable Object> arguments = new ArrayList<>(components.length);
        for (RecordComponent component : components) {
            arguments.add(argument(component, given));
        }
        try {
            Constructor<R> constructor = type.getDeclaredConstructor(
                    Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return constructor.newInstance(arguments.toArray());
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new IllegalStateException("cannot create " + type, e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("cannot create " + type, e);
        }
    }

    private static @Nullable Object argument(RecordComponent component, Given given) {
        Option option = component.getAnnotation(Option.class);
        if (option != null) {
            return OptionType.of(component).fromParsed(given.values().get(option.name()));
        }
        OptionsBelow below = component.getAnnotation(OptionsBelow.class);
        return below == null ? instantiate(component.getType(), given) : given.below(below.value());
    }
}
