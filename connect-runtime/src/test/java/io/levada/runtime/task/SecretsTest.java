/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.levada.runtime.config.WorkerConfig;
import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretsTest {
    @TempDir
    Path folder;

    private Path file;
    private Plugins plugins;
    private Secrets secrets;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("secret.properties"), "pw=hunter2");
        plugins = Plugins.discover(PluginSearch.classPathOnly());
        secrets = Secrets.open(
                WorkerConfig.from(Map.of(
                        "config.providers",
                        "file",
                        "config.providers.file.class",
                        "org.apache.kafka.common.config.provider.FileConfigProvider")),
                plugins);
    }

    @AfterEach
    void close() {
        secrets.close();
        plugins.close();
    }

    @Test
    void aReferenceIsReplacedWithAllAroundItKept() {
        assertThat(resolved("a ${file:" + file + ":pw} b ${ c }d")).isEqualTo("a hunter2 b ${ c }d");
        assertThat(resolved("${file:" + file + ":pw}")).isEqualTo("hunter2");
        assertThat(resolved("plain")).isEqualTo("plain");
    }

    @Test
    void aThousandReferencesThatNeverCloseTakeNoTime() {
        String open = "${file:".repeat(1000);
        String found =
                assertTimeoutPreemptively(Duration.ofMinutes(1), () -> resolved("${file:" + file + ":pw}" + open));
        assertThat(found).isEqualTo("hunter2" + open);
    }

    private String resolved(String value) {
        return String.valueOf(secrets.resolve(Map.of("key", value)).get("key"));
    }
}
