/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.config.Option;
import io.levada.connect.api.config.OptionException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;
import org.jspecify.annotations.Nullable;

/** What source and sink say about their file: how its characters are written, and where it may lie. */
record TextOptions(
        @Option(
                name = CHARSET,
                doc = "How characters are written in the file. Lines must end in the byte 10, which leaves out UTF-16.",
                defaultValue = "UTF-8",
                importance = ConfigDef.Importance.LOW)
        Charset charset,

        @Option(
                name = ALLOWED_PATHS,
                doc =
                        "The folders the file may lie in, links resolved; empty: any. Only regular files are opened then.",
                defaultValue = "",
                importance = ConfigDef.Importance.LOW)
        List<String> allowedPaths) {

    private static final String CHARSET = "file.charset";
    private static final String ALLOWED_PATHS = "file.allowed.paths";

    TextOptions {
        byte[] lineEnd = "\r\n".getBytes(charset);
        if (lineEnd.length != 2 || lineEnd[0] != '\r' || lineEnd[1] != '\n') {
            throw new OptionException(
                    CHARSET, charset, "must write a line end as the single byte 10; convert the file to UTF-8");
        }
    }

    AllowedPaths allowed() {
        return new AllowedPaths(allowedPaths.stream().map(Path::of).toList());
    }

    void checkAllowed(@Nullable String file) {
        if (file != null && !allowed().covers(Path.of(file))) {
            throw new OptionException(
                    "file",
                    file,
                    "must lie in one of " + allowedPaths + " (" + ALLOWED_PATHS + "); move it or add its folder");
        }
    }

    /** Apache's connectors take an empty name as no name. */
    static @Nullable String named(@Nullable String file) {
        return file == null || file.isEmpty() ? null : file;
    }
}
