/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.connector.ConnectorType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.Connector;
import org.apache.kafka.connect.storage.Converter;
import org.apache.kafka.connect.storage.StringConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PluginsTest {
    @TempDir
    Path folder;

    @Test
    void twoPluginsUseTheirOwnVersionOfOneLibrary() {
        for (String version : List.of("1.0", "2.0")) {
            Path library = new PluginJar()
                    .withClass(
                            "lib.Shared",
                            "package lib; public class Shared { public static String v() { return \"" + version
                                    + "\"; } }")
                    .writeTo(folder.resolve("p" + version + "/lib.jar"));
            String name = "Sink" + version.charAt(0);
            new PluginJar()
                    .withClass("my." + name, TestPlugins.sink("my", name, "lib.Shared.v()"))
                    .compiledWith(library)
                    .writeTo(folder.resolve("p" + version + "/sink.jar"));
        }
        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.version("my.Sink1")).isEqualTo("1.0");
            assertThat(plugins.version("my.Sink2")).isEqualTo("2.0");
        }
    }

    @Test
    void aClassFolderIsAPlugin(@TempDir Path elsewhere) throws Exception {
        Path jar = new PluginJar()
                .withClass("my.FolderSink", TestPlugins.sink("my", "FolderSink", "\"3\""))
                .writeTo(elsewhere.resolve("x.jar"));
        Path target = Files.createDirectories(folder.resolve("classes/my")).resolve("FolderSink.class");
        LocationFiles.visit(jar, name -> name.endsWith(".class"), (name, content) -> Files.write(target, content));

        try (Plugins plugins = discover("only_scan")) {
            assertThat(plugins.version("FolderSink")).isEqualTo("3");
        }
    }

    @Test
    void scanFindsPluginsWhoseBaseClassIsInAnotherJarOfTheFolder() {
        Path base = new PluginJar()
                .withClass(
                        "lib.Base",
                        TestPlugins.sink("lib", "Base", "\"1\"").replace("public class", "public abstract class"))
                .writeTo(folder.resolve("p/base.jar"));
        new PluginJar()
                .withClass("my.Derived", "package my; public class Derived extends lib.Base {}")
                .compiledWith(base)
                .writeTo(folder.resolve("p/derived.jar"));

        try (Plugins plugins = discover("only_scan")) {
            assertThat(plugins.names(PluginType.SINK)).contains("my.Derived").doesNotContain("lib.Base");
        }
    }

    @Test
    void aManifestIsEnoughWithServiceLoadAndMissingOneIsNot() {
        sinkJar("a", "Declared").declaring(PluginType.SINK, "a.Declared").writeTo(folder.resolve("a.jar"));
        sinkJar("b", "Undeclared").writeTo(folder.resolve("b.jar"));

        try (Plugins plugins = discover("service_load")) {
            assertThat(plugins.names(PluginType.SINK)).contains("a.Declared").doesNotContain("b.Undeclared");
        }
        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.names(PluginType.SINK)).contains("a.Declared", "b.Undeclared");
        }
        assertThatThrownBy(() -> discover("hybrid_fail"))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("b.Undeclared")
                .hasMessageContaining("META-INF/services");
    }

    @Test
    void aConnectorIsFoundByFullSimpleAndShortName() {
        sinkJar("my", "MySinkConnector").writeTo(folder.resolve("a.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            for (String name : List.of("my.MySinkConnector", "MySinkConnector", "MySink")) {
                Connector connector = plugins.newConnector(name);
                assertThat(connector.getClass().getName()).isEqualTo("my.MySinkConnector");
                assertThat(plugins.type(PluginChoice.of(name))).isEqualTo(ConnectorType.SINK);
            }
        }
    }

    @Test
    void whichKindAClassIsThatHasTwoIsForItsVersionsAndAskedOnAnotherThread() {
        String version = "Thread.currentThread().getName().startsWith(\"levada-plugin\") ? \"%d\" : \"\" + 1 / 0";
        String source = TestPlugins.sink("my", "Odd", version.formatted(2))
                .replace("sink.SinkConnector", "source.SourceConnector");
        new PluginJar()
                .withClass("my.Odd", TestPlugins.sink("my", "Odd", version.formatted(1)))
                .writeTo(folder.resolve("old.jar"));
        new PluginJar().withClass("my.Odd", source).writeTo(folder.resolve("new.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            for (Map.Entry<PluginChoice, ConnectorType> odd : Map.of(
                            PluginChoice.of("my.Odd"),
                            ConnectorType.SOURCE,
                            new PluginChoice("my.Odd", "1"),
                            ConnectorType.SINK)
                    .entrySet()) {
                await().atMost(Duration.ofMinutes(1))
                        .untilAsserted(
                                () -> assertThat(plugins.type(odd.getKey())).isEqualTo(odd.getValue()));
            }
        }
    }

    @Test
    void anAmbiguousShortNameIsRefusedWithTheCandidates() {
        sinkJar("a", "MySink").writeTo(folder.resolve("a.jar"));
        sinkJar("b", "MySink").writeTo(folder.resolve("b.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThatThrownBy(() -> plugins.newConnector("MySink"))
                    .isInstanceOf(PluginNotFoundException.class)
                    .hasMessageContaining("a.MySink, b.MySink")
                    .hasMessageContaining("full class name");
        }
    }

    @Test
    void aNameThatResemblesNothingGetsNoHint() {
        sinkJar("my", "OrdersSinkConnector").writeTo(folder.resolve("a.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            for (String resemblesNothing : List.of("com.acme.NoSuch", "java.lang.String", "")) {
                assertThatThrownBy(() -> plugins.newConnector(resemblesNothing))
                        .isInstanceOf(PluginNotFoundException.class)
                        .hasMessageNotContaining("OrdersSinkConnector")
                        .hasMessageContaining("plugin.path");
            }
            assertThatThrownBy(() -> plugins.newConnector("other.place.OrdersSinkConnector"))
                    .hasMessageContaining("[my.OrdersSinkConnector]");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "OrdersSnk, OrdersSinkConnector",
        "OrderSink, OrdersSinkConnector",
        "OrdersSinkConector, OrdersSinkConnector",
        "Orders, OrdersSinkConnector",
        "my.Ordes, OrdersSinkConnector",
        "acme.Orders, OrdersSinkConnector"
    })
    void aMisspeltShortNameIsAnsweredWithTheNearest(String written, String meant) {
        sinkJar("my", "OrdersSinkConnector").writeTo(folder.resolve("a.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThatThrownBy(() -> plugins.newConnector(written)).hasMessageContaining("[my." + meant + "]");
        }
    }

    @Test
    void soIsThatOfAConverterAndOfATransform() {
        new PluginJar()
                .withClass("my.AvrooConverter", TestPlugins.converter("my", "AvrooConverter"))
                .declaring(PluginType.CONVERTER, "my.AvrooConverter")
                .writeTo(folder.resolve("a.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThatThrownBy(() -> plugins.newPlugin(PluginType.CONVERTER, "Avroo2"))
                    .hasMessageContaining("[my.AvrooConverter]");
            assertThatThrownBy(() -> plugins.newPlugin(PluginType.TRANSFORMATION, "my.DropEvry"))
                    .hasMessageContaining("DropEvery");
        }
    }

    @Test
    void anUnknownConnectorIsAnsweredWithPlaceNearestNamesAndWayOut() {
        sinkJar("my", "OrdersSinkConnector").writeTo(folder.resolve("a.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.type(PluginChoice.of("my.OrderSinkConnector"))).isEqualTo(ConnectorType.UNKNOWN);
            assertThatThrownBy(() -> plugins.newConnector("my.OrderSinkConnector"))
                    .hasMessageStartingWith(
                            "Failed to find any class that implements Connector and which name matches my.OrderSinkConnector")
                    .hasMessageContaining(folder.toString())
                    .hasMessageContaining("my.OrdersSinkConnector")
                    .hasMessageContaining("plugin.path");
        }
    }

    @Test
    void apachesNameStandsForTheBundledPieceWithApachesDefaults() {
        Path bundled = folder.resolve("bundled");
        new PluginJar()
                .withClass(
                        "io.levada.connect.converters.JsonConverter",
                        TestPlugins.converter("io.levada.connect.converters", "JsonConverter"))
                .declaring(PluginType.CONVERTER, "io.levada.connect.converters.JsonConverter")
                .writeTo(bundled.resolve("converters/c.jar"));

        try (Plugins plugins = Plugins.discover(PluginSearch.of(null, bundled, "hybrid_warn"))) {
            assertThat(configSeenBy(
                            plugins.newConverter("org.apache.kafka.connect.json.JsonConverter", Map.of(), false)))
                    .contains("schemas.enable=true");
            assertThat(configSeenBy(plugins.newConverter(
                            "org.apache.kafka.connect.json.JsonConverter", Map.of("schemas.enable", "false"), false)))
                    .contains("schemas.enable=false");
            assertThat(configSeenBy(plugins.newConverter("JsonConverter", Map.of(), false)))
                    .as("a short name means what it means to Apache")
                    .contains("schemas.enable=true");
            assertThat(configSeenBy(
                            plugins.newConverter("io.levada.connect.converters.JsonConverter", Map.of(), false)))
                    .doesNotContain("schemas.enable");
        }
    }

    @Test
    void apachesOwnClassOnPluginPathWinsOverTheBundledOne() {
        String apache = "org.apache.kafka.connect.json.JsonConverter";
        new PluginJar()
                .withClass(apache, TestPlugins.converter("org.apache.kafka.connect.json", "JsonConverter"))
                .writeTo(folder.resolve("path/json.jar"));
        Path bundled = folder.resolve("bundled");
        new PluginJar()
                .withClass(
                        "io.levada.connect.converters.JsonConverter",
                        TestPlugins.converter("io.levada.connect.converters", "JsonConverter"))
                .declaring(PluginType.CONVERTER, "io.levada.connect.converters.JsonConverter")
                .writeTo(bundled.resolve("converters/c.jar"));

        try (Plugins plugins =
                Plugins.discover(PluginSearch.of(folder.resolve("path").toString(), bundled, "hybrid_warn"))) {
            assertThat(plugins.className(PluginType.CONVERTER, apache)).isEqualTo(apache);
            assertThat(plugins.className(PluginType.CONVERTER, "JsonConverter")).isEqualTo(apache);
        }
    }

    @Test
    void aNameIsToldWithoutLoadingAnything() {
        sinkJar("my", "MySinkConnector").writeTo(folder.resolve("a.jar"));
        sinkJar("a", "Twice").writeTo(folder.resolve("b.jar"));
        sinkJar("b", "Twice").writeTo(folder.resolve("c.jar"));
        String bundled = "io.levada.connect.file.FileStreamSinkConnector";
        new PluginJar()
                .withClass(bundled, TestPlugins.sink("io.levada.connect.file", "FileStreamSinkConnector", "\"1\""))
                .writeTo(folder.resolve("d.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            Map.of(
                            "my.MySinkConnector", "my.MySinkConnector",
                            "MySinkConnector", "my.MySinkConnector",
                            "MySink", "my.MySinkConnector",
                            "org.apache.kafka.connect.file.FileStreamSinkConnector", bundled,
                            "Twice", "Twice",
                            "java.lang.String", "java.lang.String")
                    .forEach((name, full) -> assertThat(plugins.classNameOrName(PluginType.WITH_KEYS, name))
                            .isEqualTo(full));
            assertThat(plugins.classNameOrName(PluginType.WITHOUT_KEYS, "MySink"))
                    .isEqualTo("MySink");
        }
    }

    @Test
    void aBundledPieceIsListedUnderApachesNameTooUnlessThatClassIsInstalled() {
        String apache = "org.apache.kafka.connect.json.JsonConverter";
        String ours = "io.levada.connect.converters.JsonConverter";
        Path bundled = folder.resolve("bundled");
        new PluginJar()
                .withClass(ours, TestPlugins.converter("io.levada.connect.converters", "JsonConverter"))
                .declaring(PluginType.CONVERTER, ours)
                .writeTo(bundled.resolve("converters/c.jar"));

        try (Plugins plugins = Plugins.discover(PluginSearch.of(null, bundled, "hybrid_warn"))) {
            assertThat(plugins.list(List.of(PluginType.CONVERTER)))
                    .filteredOn(plugin -> plugin.className().equals(apache))
                    .singleElement()
                    .satisfies(plugin -> assertThat(plugin.location()).contains("bundled"));
            assertThat(plugins.list(List.of(PluginType.CONVERTER)))
                    .extracting(PluginDescription::className)
                    .contains(ours)
                    .isSorted();
        }
        new PluginJar()
                .withClass(apache, TestPlugins.converter("org.apache.kafka.connect.json", "JsonConverter"))
                .writeTo(folder.resolve("path/json.jar"));
        try (Plugins plugins =
                Plugins.discover(PluginSearch.of(folder.resolve("path").toString(), bundled, "hybrid_warn"))) {
            assertThat(plugins.list(List.of(PluginType.CONVERTER)))
                    .filteredOn(plugin -> plugin.className().equals(apache))
                    .singleElement()
                    .satisfies(plugin -> assertThat(plugin.location()).contains("path"));
        }
    }

    @Test
    void theConvertersOfTheConnectApiAreAlwaysThere() {
        try (Plugins plugins = Plugins.discover(PluginSearch.classPathOnly())) {
            Converter converter = plugins.newConverter("StringConverter", Map.of(), true);
            assertThat(converter).isInstanceOf(StringConverter.class);
            assertThat(plugins.newHeaderConverter("org.apache.kafka.connect.storage.SimpleHeaderConverter", Map.of()))
                    .isNotNull();
            assertThat(plugins.newConfigProvider("org.apache.kafka.common.config.provider.FileConfigProvider"))
                    .isNotNull();
        }
    }

    @Test
    void theNewestVersionIsTakenUnlessARangeAsksForAnother() {
        sinkJar("my", "Versioned", "1.9").writeTo(folder.resolve("a.jar"));
        sinkJar("my", "Versioned", "1.10").writeTo(folder.resolve("b.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            assertThat(plugins.newConnector("my.Versioned").version()).isEqualTo("1.10");
            assertThat(plugins.newConnector("my.Versioned", "[1.0,1.10)").version())
                    .isEqualTo("1.9");
            assertThatThrownBy(() -> plugins.newConnector("my.Versioned", "[2.0,)"))
                    .hasMessageContaining("[1.9, 1.10]");
        }
    }

    @Test
    void aPluginThatLacksAJarIsLeftOutOfListsAndNamedWhenUsed() {
        Path library = new PluginJar()
                .withClass("lib.Gone", "package lib; public class Gone { public static String v() { return \"1\"; } }")
                .writeTo(folder.resolve("elsewhere/lib.jar"));
        new PluginJar()
                .withClass("my.Broken", TestPlugins.sink("my", "Broken", "lib.Gone.v()"))
                .compiledWith(library)
                .writeTo(folder.resolve("path/broken.jar"));

        try (Plugins plugins =
                Plugins.discover(PluginSearch.of(folder.resolve("path").toString(), null, "hybrid_warn"))) {
            assertThat(plugins.list(List.of(PluginType.SINK)))
                    .noneMatch(plugin -> plugin.className().equals("my.Broken"));
            assertThatThrownBy(() -> plugins.version("my.Broken"))
                    .hasMessageContaining("my.Broken")
                    .hasMessageContaining("lib/Gone");
        }
    }

    @Test
    void helperClassesThatKafkaMovedAreThereUnderTheirOldNames() throws Exception {
        sinkJar("my", "Any").writeTo(folder.resolve("a.jar"));

        try (Plugins plugins = discover("hybrid_warn")) {
            ClassLoader loader = plugins.of(PluginChoice.of("my.Any")).loader();
            Class<?> parser = loader.loadClass("org.apache.kafka.common.utils.AppInfoParser");
            assertThat(parser.getMethod("getVersion").invoke(null)).isEqualTo(new StringConverter().version());
            assertThat(loader.loadClass("org.apache.kafka.common.utils.LogContext")
                            .getConstructor()
                            .newInstance())
                    .isNotNull();
            assertThat(loader.loadClass("org.apache.kafka.common.utils.Utils"))
                    .isSameAs(org.apache.kafka.common.utils.Utils.class);
        }
    }

    @Test
    void aFolderThatDoesNotExistIsNamed() {
        assertThatThrownBy(() -> Plugins.discover(PluginSearch.of("/no/such/folder", null, "hybrid_warn")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("/no/such/folder");
    }

    private Plugins discover(String mode) {
        return Plugins.discover(PluginSearch.of(folder.toString(), null, mode));
    }

    private static PluginJar sinkJar(String packageName, String simpleName) {
        return sinkJar(packageName, simpleName, "1.0");
    }

    private static PluginJar sinkJar(String packageName, String simpleName, String version) {
        return new PluginJar()
                .withClass(
                        packageName + "." + simpleName,
                        TestPlugins.sink(packageName, simpleName, "\"" + version + "\""));
    }

    private static String configSeenBy(Converter converter) {
        return new String(converter.fromConnectData("t", null, null), StandardCharsets.UTF_8);
    }
}
