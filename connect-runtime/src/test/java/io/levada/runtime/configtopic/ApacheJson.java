/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.kafka.connect.storage.Converter;

/** Apache's JsonConverter, from a loader of its own: on the class path it would take the place of the bundled one. */
final class ApacheJson {
    private static final Path LIBS = Path.of("..", "test-peers", "target", "kafka", "libs");

    private ApacheJson() {}

    static Converter converter() throws IOException, ReflectiveOperationException {
        if (!Files.isDirectory(LIBS)) {
            throw new IllegalStateException(
                    "Apache Kafka's jars are missing: make them with ./mvnw -pl test-peers generate-test-resources");
        }
        try (Stream<Path> jars = Files.list(LIBS)) {
            URL[] urls = jars.filter(jar -> jar.getFileName().toString().matches("(connect-json|jackson-).*\\.jar"))
                    .map(ApacheJson::url)
                    .toArray(URL[]::new);
            URLClassLoader loader = new URLClassLoader(urls, ApacheJson.class.getClassLoader());
            return (Converter) loader.loadClass("org.apache.kafka.connect.json.JsonConverter")
                    .getConstructor()
                    .newInstance();
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
