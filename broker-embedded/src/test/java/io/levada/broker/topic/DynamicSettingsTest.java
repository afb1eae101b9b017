/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was set while the broker ran is there again whole, or the start says which file is to be seen to. */
class DynamicSettingsTest {
    private static final ConfigResource NODE = new ConfigResource(ConfigResource.Type.BROKER, "1");

    @TempDir
    Path dir;

    private Path file;

    @BeforeEach
    void somethingIsSet() {
        file = dir.resolve("dynamic-configs");
        DynamicSettings settings = new DynamicSettings(dir);
        settings.put(NODE, Map.of("log.retention.ms", "1000", "message.max.bytes", "2000"));
        settings.put(DynamicSettings.CLUSTER, Map.of("log.retention.ms", "3000"));
    }

    @Test
    void itIsThereAgain() {
        DynamicSettings again = new DynamicSettings(dir);
        assertThat(again.of(NODE))
                .containsOnly(Map.entry("log.retention.ms", "1000"), Map.entry("message.max.bytes", "2000"));
        assertThat(again.of(DynamicSettings.CLUSTER)).containsOnly(Map.entry("log.retention.ms", "3000"));
    }

    @Test
    void nothingSetIsWholeToo() {
        DynamicSettings settings = new DynamicSettings(dir);
        settings.put(NODE, Map.of());
        settings.put(DynamicSettings.CLUSTER, Map.of());
        assertThat(new DynamicSettings(dir).of(NODE)).isEmpty();
    }

    @Test
    void aFileOfWhichTheEndIsMissingIsRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused("is damaged");
        }
    }

    @Test
    void anEmptyFileOfAnEarlierVersionIsRead() throws IOException {
        Files.writeString(file, "#Thu Nov 26 10:00:00 UTC 2026\n");
        assertThat(new DynamicSettings(dir).of(NODE)).isEmpty();
    }

    @Test
    void rubbishIsRefused() throws IOException {
        for (String rubbish : new String[] {"rubbish", "\\u00zz", "x/y/z=1", "4=1", "\u0000\u0001"}) {
            Files.writeString(file, rubbish);
            refused("is damaged");
        }
    }

    @Test
    void whatCannotBeReadIsNamed() throws IOException {
        Files.delete(file);
        Files.createDirectory(file);
        refused("cannot read");
    }

    @Test
    void aFileOfAnEarlierVersionIsRead() throws IOException {
        Files.writeString(file, "#Thu Jan 01\n4/1/log.retention.ms=5\n");
        assertThat(new DynamicSettings(dir).of(NODE)).containsEntry("log.retention.ms", "5");
    }

    private void refused(String what) {
        assertThatThrownBy(() -> new DynamicSettings(dir))
                .hasMessageContaining(file.toString())
                .hasMessageContaining(what);
    }
}
