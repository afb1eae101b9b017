/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.PostgresCdcSourceConnector;
import java.io.IOException;
import java.lang.reflect.Field;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.api.Test;

/**
 * Every key of Debezium's PostgreSQL connector, as published, is a key of ours: an option, accepted without effect, or refused. So
 * the tables of docs/connectors/postgres-cdc.md, which are ours, tell what becomes of each.
 */
final class DebeziumKeysTest {

    private static final Path PLUGIN = Path.of("..", "test-plugins", "target", "plugins", "debezium-postgres")
            .toAbsolutePath()
            .normalize();

    /** Classes that have keys besides those of its definition. */
    private static final List<String> DECLARING = List.of(
            "io.debezium.connector.postgresql.PostgresConnectorConfig",
            "io.debezium.schema.AbstractTopicNamingStrategy",
            "io.debezium.schema.AbstractRegexTopicNamingStrategy");

    /** Families of keys, which no definition can list; the page has them in words. */
    private static final Pattern FAMILIES = Pattern.compile("(column|datatype)\\.(mask|truncate|propagate)\\..*");

    /** What nobody is to set, and what is Kafka Connect's own. */
    private static final Pattern OTHERS = Pattern.compile("internal\\..*|tasks\\.max");

    @Test
    void eachHasItsFate() throws Exception {
        ConfigDef ours = new PostgresCdcSourceConnector().config();
        Set<String> unknown = new TreeSet<>(keys());
        assertThat(unknown).contains("slot.name", "offset.mismatch.strategy", "topic.cache.size");
        unknown.removeIf(key -> ours.names().contains(key)
                || OTHERS.matcher(key).matches()
                || FAMILIES.matcher(key).matches());
        assertThat(unknown).as("keys that DebeziumKeys has to name").isEmpty();
    }

    private static Set<String> keys() throws IOException, ReflectiveOperationException {
        Set<String> keys = new TreeSet<>();
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        try (URLClassLoader plugin = new URLClassLoader(jars().toArray(new URL[0]), before)) {
            thread.setContextClassLoader(plugin); // by which Kafka looks for the classes that are defaults
            Connector debezium = plugin.loadClass("io.debezium.connector.postgresql.PostgresConnector")
                    .asSubclass(Connector.class)
                    .getDeclaredConstructor()
                    .newInstance();
            keys.addAll(debezium.config().names());
            for (String declaring : DECLARING) {
                keys.addAll(constants(plugin.loadClass(declaring)));
            }
        } finally {
            thread.setContextClassLoader(before);
        }
        return keys;
    }

    private static List<URL> jars() throws IOException {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(PLUGIN)) {
            for (Path file : files.toList()) {
                jars.add(file.toUri().toURL());
            }
        }
        return jars;
    }

    private static Set<String> constants(Class<?> declaring) throws ReflectiveOperationException {
        Set<String> keys = new TreeSet<>();
        for (Field field : declaring.getFields()) {
            if (field.getType().getName().equals("io.debezium.config.Field")) {
                Object key = field.get(null);
                keys.add((String) key.getClass().getMethod("name").invoke(key));
            }
        }
        return keys;
    }
}
