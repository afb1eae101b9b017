/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.api.config.Option;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** The options of {@link FileStreamSinkConnector}. */
record FileSinkConfig(
        @Option(
                name = "file",
                doc = "The file to append to; made if absent, in a folder that must exist. Left out: standard output.",
                optional = true,
                importance = ConfigDef.Importance.HIGH)
        @Nullable
        String file,

        @Option(
                name = FORMAT,
                doc =
                        "What a line holds: text, what the value's toString() says, as Apache's connector writes it; json,"
                                + " structs, maps and lists as JSON and all else as text. Left out: text under the name of"
                                + " Apache's class, json under this one's.",
                optional = true)
        @Nullable
        LineFormat format,

        TextOptions text) {

    static final String FORMAT = "file.format";

    static final ConfigSpec<FileSinkConfig> SPEC = ConfigSpec.of(FileSinkConfig.class);

    FileSinkConfig {
        file = TextOptions.named(file);
        text.checkAllowed(file);
    }
}
