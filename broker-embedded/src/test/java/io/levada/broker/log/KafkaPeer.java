/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;

/** Apache Kafka's jars, which the build of test-peers lays out. */
final class KafkaPeer {
    private KafkaPeer() {}

    static String classPath() {
        Path libs = Path.of("..", "test-peers", "target", "kafka", "libs")
                .toAbsolutePath()
                .normalize();
        Assertions.assertTrue(
                Files.isDirectory(libs), libs + " is missing; mvn -pl test-peers generate-test-resources makes it");
        return libs.resolve("*").toString();
    }
}
