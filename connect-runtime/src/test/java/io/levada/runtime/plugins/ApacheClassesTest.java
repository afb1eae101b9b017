/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.transforms.Transformation;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApacheClassesTest {
    private static final Path JARS =
            Path.of("../apache-classes/target/apache").toAbsolutePath().normalize();
    private static final String JSON = "org.apache.kafka.connect.json.JsonConverter";

    @TempDir
    Path folder;

    @BeforeEach
    void jarsAreThere() {
        assertThat(JARS)
                .as("made by: mvn -pl apache-classes generate-resources")
                .isDirectory();
    }

    @Test
    void aPluginUsesThemAndAllPluginsUseTheSame() throws Exception {
        sink("One", "one.jar");
        sink("Two", "two.jar");

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.version("my.One")).as("the loader's name").isEqualTo("apache");
            Class<?> one = plugins.of(PluginChoice.of("my.One")).loader().loadClass(JSON);
            Class<?> two = plugins.of(PluginChoice.of("my.Two")).loader().loadClass(JSON);
            assertThat(one).isSameAs(two);
            assertThat(Converter.class).isAssignableFrom(one);
        }
    }

    @Test
    void theWorkerDoesNotSeeThem() {
        assertThatThrownBy(() -> Class.forName(JSON)).isInstanceOf(ClassNotFoundException.class);
    }

    @Test
    void aPluginsOwnClassComesFirst() {
        sink("One", "p/one.jar");
        new PluginJar()
                .withClass(JSON, TestPlugins.converter("org.apache.kafka.connect.json", "JsonConverter"))
                .writeTo(folder.resolve("p/json.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.version("my.One")).startsWith("plugin ");
        }
    }

    /** A class of Kafka's own packages that the plugin brings, and the worker has not: Apache's copy would be another version. */
    @Test
    void aPluginsOwnCopyOfConnectsRuntimeComesFirst() throws Exception {
        String name = "org.apache.kafka.connect.runtime.ConnectorConfig";
        sink("One", "p/one.jar");
        new PluginJar()
                .withClass(name, "package org.apache.kafka.connect.runtime; public class ConnectorConfig {}")
                .writeTo(folder.resolve("p/runtime.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.of(PluginChoice.of("my.One"))
                            .loader()
                            .loadClass(name)
                            .getClassLoader())
                    .isInstanceOf(PluginClassLoader.class);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"only_scan", "hybrid_warn"})
    void aPluginThatExtendsOneIsFound(String mode) {
        new PluginJar()
                .withClass("my.Json", "package my; public class Json extends " + JSON + " {}")
                .withClass(
                        "my.Replace",
                        "package my; public class Replace<R extends org.apache.kafka.connect.connector.ConnectRecord<R>>"
                                + " extends org.apache.kafka.connect.transforms.ReplaceField.Value<R> {}")
                .compiledWith(jar("connect-json"))
                .compiledWith(jar("connect-transforms"))
                .writeTo(folder.resolve("json.jar"));

        try (Plugins plugins = discover(mode)) {
            assertThat(plugins.newConverter("my.Json", Map.of("schemas.enable", "false"), false))
                    .extracting(converter -> new String(converter.fromConnectData("t", null, "x"), UTF_8))
                    .isEqualTo("\"x\"");
            Transformation<?> replace = (Transformation<?>) plugins.newPlugin(PluginType.TRANSFORMATION, "my.Replace");
            assertThat(replace.config().names()).contains("renames");
        }
    }

    @Test
    void theyAreNoPluginsThemselves() {
        sink("One", "one.jar");

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.names(PluginType.CONVERTER)).doesNotContain(JSON);
            assertThat(plugins.names(PluginType.TRANSFORMATION)).noneMatch(name -> name.startsWith("org.apache."));
            assertThat(plugins.list(List.of(PluginType.CONVERTER)))
                    .extracting(PluginDescription::className)
                    .doesNotHaveDuplicates()
                    .doesNotContain(JSON);
            assertThatThrownBy(() -> plugins.newConverter(JSON, Map.of(), false))
                    .isInstanceOf(PluginNotFoundException.class);
        }
    }

    @Test
    void serviceFilesOfKafkaAreSeenByPluginsAndThoseOfLibrariesAreNot() throws Exception {
        sink("One", "one.jar");

        try (Plugins plugins = discover("hybrid_warn")) {
            ClassLoader loader = plugins.of(PluginChoice.of("my.One")).loader();
            assertThat(ServiceLoader.load(Converter.class, loader).stream()
                            .map(provider -> provider.type().getName()))
                    .contains(JSON, "org.apache.kafka.connect.converters.ByteArrayConverter");
            assertThat(loader.getResource("META-INF/services/com.fasterxml.jackson.databind.Module"))
                    .as("blackbird's, which would not be a module of a plugin's own Jackson")
                    .isNull();
        }
    }

    @Test
    void connectorConfigOfConnectsRuntimeWorksOnTheWorkersClients() throws Exception {
        sink("One", "one.jar");

        try (Plugins plugins = discover("hybrid_warn")) {
            Class<?> config = plugins.of(PluginChoice.of("my.One"))
                    .loader()
                    .loadClass("org.apache.kafka.connect.runtime.ConnectorConfig");
            assertThat(config.getMethod("configDef").invoke(null))
                    .isInstanceOf(org.apache.kafka.common.config.ConfigDef.class);
        }
    }

    /** What links to a jar that is left out belongs to Apache's own REST server, class path scan or logging: no plugin's business. */
    @Test
    void everyClassThatPluginsMayUseLinks() throws Exception {
        sink("One", "one.jar");
        List<String> broken = new ArrayList<>();

        try (Plugins plugins = discover("hybrid_warn")) {
            ClassLoader loader = plugins.of(PluginChoice.of("my.One")).loader();
            for (String jar : List.of("connect-json", "connect-transforms", "connect-runtime")) {
                for (String name : classesIn(jar(jar))) {
                    try {
                        Class<?> type = Class.forName(name, false, loader);
                        assertThat(type.getDeclaredMethods().length + type.getDeclaredFields().length)
                                .isNotNegative();
                    } catch (LinkageError e) {
                        broken.add(name);
                    }
                }
            }
        }
        assertThat(broken)
                .allMatch(name -> name.startsWith("org.apache.kafka.connect.runtime.rest.")
                        || name.startsWith("org.apache.kafka.connect.runtime.isolation.ReflectionScanner")
                        || name.startsWith("org.apache.kafka.connect.runtime.Loggers"));
    }

    private static List<String> classesIn(Path jar) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            return Collections.list(entries).stream()
                    .map(ZipEntry::getName)
                    .filter(name -> name.endsWith(".class") && !name.startsWith("META-INF"))
                    .map(name ->
                            name.substring(0, name.length() - ".class".length()).replace('/', '.'))
                    .toList();
        }
    }

    /** A sink whose version is the name of the loader that its JsonConverter comes from. */
    private void sink(String name, String file) {
        new PluginJar()
                .withClass(
                        "my." + name,
                        TestPlugins.sink("my", name, "new " + JSON + "().getClass().getClassLoader().getName()"))
                .compiledWith(jar("connect-json"))
                .writeTo(folder.resolve(file));
    }

    private static Path jar(String artifact) {
        try (Stream<Path> jars = Files.list(JARS)) {
            return jars.filter(jar -> jar.getFileName().toString().matches(artifact + "-\\d.*"))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private Plugins discover(String mode) {
        return Plugins.discover(new PluginSearch(List.of(folder), null, JARS, DiscoveryMode.of(mode)));
    }
}
