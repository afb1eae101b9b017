/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.directory;

import io.levada.broker.log.files.AtomicFile;
import io.levada.broker.log.files.LogFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** {@code .kafka_cleanshutdown}: there when the last process closed the directory in order, and only until the next one opens it. */
public final class CleanShutdownMarker {
    private static final String FILE = ".kafka_cleanshutdown";

    /** Kafka's content; the broker epoch belongs to a controller, and there is none. */
    private static final String CONTENT = "{\"version\":0,\"brokerEpoch\":0}";

    private final Path directory;

    public CleanShutdownMarker(Path directory) {
        this.directory = directory;
    }

    public boolean isThere() {
        return Files.exists(directory.resolve(FILE));
    }

    /** Removes the marker, on disk too, and tells whether it was there. */
    public boolean take() throws IOException {
        boolean clean = Files.deleteIfExists(directory.resolve(FILE));
        if (clean) {
            LogFiles.SYSTEM.forceFolder(directory);
        }
        return clean;
    }

    void leave() throws IOException {
        AtomicFile.write(directory, FILE, List.of(CONTENT));
    }
}
