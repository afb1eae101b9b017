/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins that are there and cannot be used: what is said of them. */
class BrokenPluginTest {
    private static final String GONE = "package lib; public class Gone { public static String v() { return \"1\"; } }";

    @TempDir
    Path folder;

    /** Outside of every plugin. */
    @TempDir
    Path elsewhere;

    private Path gone = Path.of("");

    @BeforeEach
    void compileWhatIsMissing() throws Exception {
        gone = new PluginJar().withClass("lib.Gone", GONE).writeTo(elsewhere.resolve("lib.jar"));
    }

    @Test
    void aMissingClassIsNamedWithWhoNeedsItWhereItLiesAndTheWayOut() {
        jar("my.Broken", TestPlugins.sink("my", "Broken", "lib.Gone.v()"), "broken.jar");

        try (Plugins plugins = discover()) {
            assertThatThrownBy(() -> plugins.version("my.Broken"))
                    .isInstanceOf(PluginLoadException.class)
                    .hasMessageContaining("The plugin my.Broken")
                    .hasMessageContaining("the class lib.Gone is missing")
                    .hasMessageContaining("Needed by my.Broken from " + folder.resolve("broken.jar"))
                    .hasMessageContaining("Add the jar that holds it");
        }
    }

    @Test
    void aMissingSuperclassIsNamed() {
        jar(
                "my.Broken",
                TestPlugins.sink("my", "Broken", "\"1\"").replace("stop() {}", "stop() {} lib.Gone gone;"),
                "a.jar");
        new PluginJar()
                .withClass(
                        "my.Derived",
                        "package my; public class Derived extends lib.Gone implements"
                                + " org.apache.kafka.connect.transforms.predicates.Predicate<org.apache.kafka.connect.sink.SinkRecord> {"
                                + "public org.apache.kafka.common.config.ConfigDef config() { return null; }"
                                + "public boolean test(org.apache.kafka.connect.sink.SinkRecord r) { return true; }"
                                + "public void close() {} public void configure(java.util.Map<String, ?> c) {} }")
                .compiledWith(gone)
                .declaring(PluginType.PREDICATE, "my.Derived")
                .writeTo(folder.resolve("derived.jar"));

        try (Plugins plugins = discover()) {
            assertThatThrownBy(() -> plugins.newPlugin(PluginType.PREDICATE, "my.Derived"))
                    .isInstanceOf(PluginLoadException.class)
                    .hasMessageContaining("my.Derived")
                    .hasMessageContaining("derived.jar")
                    .hasMessageContaining("the class lib.Gone is missing");
        }
    }

    @Test
    void aFailedInitialiserIsToldWithItsCause() {
        jar(
                "my.Broken",
                TestPlugins.sink("my", "Broken", "X")
                        .replace(
                                "stop() {}",
                                "stop() {} static final String X = String.valueOf(Integer.parseInt(\"seven\"));"),
                "broken.jar");

        try (Plugins plugins = discover()) {
            assertThatThrownBy(() -> plugins.version("my.Broken"))
                    .isInstanceOf(PluginLoadException.class)
                    .hasMessageContaining("my.Broken")
                    .hasMessageContaining("NumberFormatException")
                    .hasMessageContaining("seven");
        }
    }

    @Test
    void aClassMissingInAnInitialiserIsNamedEachTime() {
        jar(
                "my.Broken",
                TestPlugins.sink("my", "Broken", "X")
                        .replace("stop() {}", "stop() {} static final String X = lib.Gone.v();"),
                "broken.jar");

        try (Plugins plugins = discover()) {
            for (int time = 1; time <= 2; time++) {
                assertThatThrownBy(() -> plugins.version("my.Broken"))
                        .as("time %s", time)
                        .hasMessageContaining("the class lib.Gone is missing");
            }
        }
    }

    @Test
    void aClassForANewerJavaSaysWhichJavaItNeeds() throws Exception {
        Path classes = Files.createDirectories(folder.resolve("newer/my")).resolve("Newer.class");
        Path jar = new PluginJar()
                .withClass("my.Newer", TestPlugins.sink("my", "Newer", "\"1\""))
                .writeTo(elsewhere.resolve("x.jar"));
        LocationFiles.visit(jar, name -> name.endsWith(".class"), (name, content) -> {
            content[7] = 99; // the major version: Java 55
            Files.write(classes, content);
        });

        try (Plugins plugins = discover()) {
            assertThatThrownBy(() -> plugins.version("my.Newer"))
                    .isInstanceOf(PluginLoadException.class)
                    .hasMessageContaining("it was built for Java 55")
                    .hasMessageContaining("Run the worker on a newer Java");
        }
    }

    @Test
    void aCopyThatCannotBeMadeIsPassedOverIfAnotherCan() {
        jar("my.Twice", TestPlugins.sink("my", "Twice", "lib.Gone.v()"), "a.jar");
        new PluginJar()
                .withClass("my.Twice", TestPlugins.sink("my", "Twice", "\"2\""))
                .writeTo(folder.resolve("b.jar"));

        try (Plugins plugins = discover()) {
            assertThat(plugins.version("my.Twice")).isEqualTo("2");
        }
    }

    @Test
    void aFailureWithAMissingClassBehindItIsExplainedAndAnotherIsNot() {
        Throwable missing = new ConnectException("poll failed", new NoClassDefFoundError("lib/Gone"));
        Throwable other = new ConnectException("no");

        assertThat(PluginLoadException.explained(missing, "my.Source"))
                .isInstanceOf(PluginLoadException.class)
                .hasCause(missing)
                .hasMessageContaining("The plugin my.Source cannot go on: the class lib.Gone is missing");
        assertThat(PluginLoadException.explained(other, "my.Source")).isSameAs(other);
        assertThat(PluginLoadException.explained(PluginLoadException.explained(missing, "a"), "b"))
                .hasMessageContaining("The plugin a cannot");
    }

    @Test
    void aBrokenPluginIsLeftOutOfListsOnly() {
        jar("my.Broken", TestPlugins.sink("my", "Broken", "lib.Gone.v()"), "broken.jar");

        try (Plugins plugins = discover()) {
            assertThat(plugins.list(List.of(PluginType.SINK)))
                    .noneMatch(p -> p.className().equals("my.Broken"));
            assertThat(plugins.className(PluginType.SINK, "my.Broken")).isEqualTo("my.Broken");
        }
    }

    private void jar(String name, String source, String file) {
        new PluginJar().withClass(name, source).compiledWith(gone).writeTo(folder.resolve(file));
    }

    private Plugins discover() {
        return Plugins.discover(PluginSearch.of(folder.toString(), null, "hybrid_warn"));
    }
}
