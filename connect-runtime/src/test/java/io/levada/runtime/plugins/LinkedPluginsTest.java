/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.logging.LoggedLines;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Symbolic links on plugin.path. */
class LinkedPluginsTest {
    private final LoggedLines log = LoggedLines.warningsOf(FollowedFiles.class);

    @TempDir
    Path folder;

    @TempDir
    Path elsewhere;

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void aLinkedPluginFolderIsAPlugin() throws Exception {
        plugin("p/lib/a.jar");
        Files.createSymbolicLink(folder.resolve("mine"), elsewhere.resolve("p"));

        assertThatItIsFound(folder);
    }

    @Test
    void aLinkedFolderOrJarInsideAPluginFolderBelongsToIt() throws Exception {
        Path jar = plugin("p/a.jar");
        Files.createDirectories(folder.resolve("one"));
        Files.createSymbolicLink(folder.resolve("one/lib"), jar.getParent());
        assertThatItIsFound(folder);

        Path path = elsewhere.resolve("path");
        Path other = Files.createDirectories(path.resolve("two"));
        Files.createSymbolicLink(other.resolve("a.jar"), jar);
        assertThatItIsFound(path);
    }

    @Test
    void aLinkedJarIsAPlugin() throws Exception {
        Files.createSymbolicLink(folder.resolve("a.jar"), plugin("p/a.jar"));

        assertThatItIsFound(folder);
    }

    @Test
    void aLinkedClassFolderIsAPlugin() throws Exception {
        Path classes = Files.createDirectories(elsewhere.resolve("classes/my"));
        LocationFiles.visit(
                plugin("p/a.jar"),
                name -> name.endsWith(".class"),
                (name, content) -> Files.write(classes.resolve("Linked.class"), content));
        Files.createDirectories(folder.resolve("one"));
        Files.createSymbolicLink(folder.resolve("one/my"), classes);

        assertThatItIsFound(folder);
    }

    @Test
    void aJarThatIsTornKeepsNoOtherPluginAway() throws Exception {
        Path whole = plugin("p/a.jar");
        byte[] bytes = Files.readAllBytes(whole);
        Files.copy(whole, folder.resolve("a.jar"));
        Files.write(folder.resolve("torn.jar"), Arrays.copyOf(bytes, bytes.length / 2));
        Files.createFile(folder.resolve("empty.jar"));

        assertThatItIsFound(folder);
    }

    @Test
    void anEntryOfPluginPathMayBeALink() throws Exception {
        plugin("p/a.jar");
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere);

        assertThatItIsFound(link);
    }

    @Test
    void aLinkThatLeadsBackIsNamedAndNotFollowed() throws Exception {
        Path jar = plugin("p/a.jar");
        Files.createSymbolicLink(jar.resolveSibling("again"), jar.getParent());

        assertThatItIsFound(elsewhere);
        assertThat(log.texts())
                .anyMatch(line -> line.contains("leads to a folder that it is in")
                        && line.contains(jar.resolveSibling("again").toString()));
    }

    @Test
    void aLinkThatLeadsNowhereIsNamed() throws Exception {
        Path jar = plugin("p/a.jar");
        Path inside = Files.createSymbolicLink(jar.resolveSibling("gone.jar"), elsewhere.resolve("no"));
        Path beside = Files.createSymbolicLink(elsewhere.resolve("gone"), elsewhere.resolve("no"));

        assertThatItIsFound(elsewhere);
        for (Path link : new Path[] {inside, beside}) {
            assertThat(log.texts()).anyMatch(line -> line.contains("leads nowhere") && line.contains(link.toString()));
        }
    }

    @Test
    void anEntryOfPluginPathThatLeadsNowhereIsRefusedAsALink() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), elsewhere.resolve("no"));

        assertThatThrownBy(() -> Plugins.discover(PluginSearch.of(link.toString(), null, "hybrid_warn")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(link + ", a symbolic link that leads nowhere");
    }

    private Path plugin(String file) {
        return new PluginJar()
                .withClass("my.Linked", TestPlugins.sink("my", "Linked", "\"1\""))
                .writeTo(elsewhere.resolve(file));
    }

    private static void assertThatItIsFound(Path pluginPath) {
        try (Plugins plugins = Plugins.discover(PluginSearch.of(pluginPath.toString(), null, "hybrid_warn"))) {
            assertThat(plugins.version("my.Linked")).isEqualTo("1");
        }
    }
}
