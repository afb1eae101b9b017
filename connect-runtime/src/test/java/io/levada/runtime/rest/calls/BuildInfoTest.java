/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.calls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code GET /} tells of the build: the class is read from a jar as the build makes them. */
final class BuildInfoTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it.
    Path folder;

    private String read(Manifest manifest) throws IOException, ReflectiveOperationException {
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        Path jar = folder.resolve("levada-connect-runtime.jar");
        String entry = BuildInfo.class.getName().replace('.', '/') + ".class";
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
                InputStream type =
                        Objects.requireNonNull(BuildInfo.class.getClassLoader().getResourceAsStream(entry))) {
            out.putNextEntry(new ZipEntry(entry));
            type.transferTo(out);
        }
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Method read = loader.loadClass(BuildInfo.class.getName()).getDeclaredMethod("read");
            read.setAccessible(true);
            return String.valueOf(read.invoke(null));
        }
    }

    @Test
    void versionAndCommitAreThoseOfTheJar() throws Exception {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, "1.2.3");
        manifest.getMainAttributes().put(Attributes.Name.SPECIFICATION_VERSION, "0123abc");

        assertThat(read(manifest)).isEqualTo("BuildInfo[version=1.2.3, commit=0123abc]");
    }

    @Test
    void withoutThemItIsSaidThatTheyAreNotKnown() throws Exception {
        assertThat(read(new Manifest())).isEqualTo("BuildInfo[version=development, commit=unknown]");
    }
}
