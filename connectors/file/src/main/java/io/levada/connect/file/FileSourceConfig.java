/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.Option;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** The options of {@link FileStreamSourceConnector}. */
record FileSourceConfig(
        @Option(
                name = FILE,
                doc = "The file to read; it may grow, and need not exist yet. Left out: standard input.",
                optional = true,
                importance = ConfigDef.Importance.HIGH)
        @Nullable
        String file,

        @Option(
                name = "topic",
                doc = "The topic to write to.",
                validator = ConfigDef.NonEmptyString.class,
                importance = ConfigDef.Importance.HIGH)
        String topic,

        @Option(
                name = "batch.size",
                doc = "How many lines are read at a time, at most.",
                defaultValue = "2000",
                min = 1,
                importance = ConfigDef.Importance.LOW)
        int batchSize,

        @Option(
                name = "line.max.bytes",
                doc = "The longest line in bytes; a longer one fails the task, and bounds its memory.",
                defaultValue = "16777216",
                min = 1,
                max = 1 << 30,
                importance = ConfigDef.Importance.LOW)
        int lineBytesMax,

        @Option(
                name = "file.rotation.wait.ms",
                doc = "How many milliseconds a file that another has replaced must not have changed before that one is"
                        + " read: its writer may still append to it.",
                defaultValue = "5000",
                min = 0,
                importance = ConfigDef.Importance.LOW)
        long rotationWaitMs,

        TextOptions text) {

    static final String FILE = "file";
    static final ConfigSpec<FileSourceConfig> SPEC = ConfigSpec.of(FileSourceConfig.class);

    FileSourceConfig {
        file = TextOptions.named(file);
        text.checkAllowed(file);
    }
}
