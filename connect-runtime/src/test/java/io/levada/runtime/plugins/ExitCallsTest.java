/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What plugins write to end the process; a test that fails here ends the test run. */
class ExitCallsTest {
    private static final String EXITS = """
            package my;
            import java.util.function.*;
            public class Exits extends %s {
                public static void run(String how) {
                    switch (how) {
                        case "System.exit" -> System.exit(3);
                        case "Runtime.exit" -> Runtime.getRuntime().exit(3);
                        case "Runtime.halt" -> Runtime.getRuntime().halt(3);
                        case "a reference to System.exit" -> { IntConsumer exit = System::exit; exit.accept(3); }
                        case "a reference to Runtime.halt" -> { IntConsumer halt = Runtime.getRuntime()::halt; halt.accept(3); }
                        case "an unbound reference to Runtime.exit" -> {
                            ObjIntConsumer<Runtime> exit = Runtime::exit;
                            exit.accept(Runtime.getRuntime(), 3);
                        }
                        case "a lambda" -> { Runnable later = () -> System.exit(3); later.run(); }
                        case "its own exit" -> exit(3);
                        default -> throw new IllegalArgumentException(how);
                    }
                }
                static void exit(int status) { throw new IllegalStateException("its own " + status); }
            }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "System.exit",
                "Runtime.exit",
                "Runtime.halt",
                "a reference to System.exit",
                "a reference to Runtime.halt",
                "an unbound reference to Runtime.exit",
                "a lambda"
            })
    void aPluginGetsAnExceptionInstead(String how) {
        try (Plugins plugins = discover()) {
            assertThatThrownBy(() -> run(plugins, how))
                    .isInstanceOf(SecurityException.class)
                    .hasMessageContaining("my.Exits")
                    .hasMessageContaining("(3)")
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void aMethodOfThatNameIsThePluginsOwn() {
        try (Plugins plugins = discover()) {
            assertThatThrownBy(() -> run(plugins, "its own exit"))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("its own 3");
        }
    }

    @Test
    void suchAClassIsWhereItWas() throws Exception {
        try (Plugins plugins = discover()) {
            Class<?> exits = exits(plugins);
            assertThat(exits.getProtectionDomain().getCodeSource().getLocation())
                    .isEqualTo(folder.resolve("plugins/exits.jar").toUri().toURL());
            assertThat(exits.getPackage().getName()).isEqualTo("my");
            assertThat(exits.getClassLoader().getName()).contains("exits.jar");
        }
    }

    @Test
    void otherClassFilesAreTakenAsTheyAre() throws IOException {
        assertThat(ExitCalls.guarded(classFile(String.class))).isEmpty();
        assertThat(ExitCalls.guarded(classFile(ExitCallsTest.class))).isEmpty();
        byte[] ours = classFile(ExitGuard.class); // speaks of it and calls it not
        assertThat(ExitCalls.guarded(ours)).isEmpty();
    }

    @Test
    void aDamagedClassFileIsLeftToTheJvm() throws IOException {
        byte[] whole = classFile(Runtime.class);
        for (int length = 0; length < whole.length; length += 37) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThat(ExitCalls.guarded(cut)).as("%d bytes", length).isEmpty();
        }
        byte[] later = whole.clone();
        later[7] = 127; // of a Java that nobody knows yet
        assertThat(ExitCalls.guarded(later)).isEmpty();
    }

    private Plugins discover() {
        new PluginJar()
                .withClass("my.Exits", EXITS.formatted("my.Sink"))
                .withClass("my.Sink", TestPlugins.sink("my", "Sink", "\"1\""))
                .declaring(PluginType.SINK, "my.Exits")
                .writeTo(folder.resolve("plugins/exits.jar"));
        return Plugins.discover(
                new PluginSearch(List.of(folder.resolve("plugins")), null, null, DiscoveryMode.SERVICE_LOAD));
    }

    private static Class<?> exits(Plugins plugins) throws ClassNotFoundException {
        ClassLoader loader = plugins.of(PluginChoice.of("my.Exits")).loader();
        return loader.loadClass("my.Exits");
    }

    private static void run(Plugins plugins, String how) throws Throwable {
        try {
            exits(plugins).getMethod("run", String.class).invoke(null, how);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static byte[] classFile(Class<?> type) throws IOException {
        URL url = Objects.requireNonNull(type.getResource(type.getSimpleName() + ".class"));
        try (InputStream in = url.openStream()) {
            return in.readAllBytes();
        }
    }
}
