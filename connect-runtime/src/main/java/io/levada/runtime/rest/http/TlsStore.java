/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigException;

/**
 * The file of a key or trust store, and what can be said of it in the words of its keys before kafka-clients, which speaks of classes,
 * reads it.
 *
 * @param keys what its keys begin with, such as {@code listeners.https.ssl.keystore.}
 */
record TlsStore(String keys, String location, String type) {
    private static final String PEM = "PEM";
    /** Tools write whose certificate it is in front of it. */
    private static final int PEM_BEGINS_WITHIN_BYTES = 4096;

    /**
     * Throws {@link ConfigException} if a store that is named cannot be read, whatever its password.
     *
     * @param prefix what stands before {@code ssl.} in the worker's keys
     * @param kind {@code keystore} or {@code truststore}
     */
    static void check(AbstractConfig parsed, String prefix, String kind) {
        String location = parsed.getString("ssl." + kind + ".location");
        if (location != null) {
            new TlsStore(prefix + "ssl." + kind + ".", location, parsed.getString("ssl." + kind + ".type")).check();
        }
    }

    private void check() {
        String named = keys + "location=" + location;
        Path file;
        try {
            file = Path.of(location);
        } catch (InvalidPathException e) {
            throw new ConfigException(named + ": this is no path of a file (" + e.getMessage() + ")");
        }
        if (!Files.exists(file)) {
            throw new ConfigException(named + ": there is no such file");
        }
        if (Files.isDirectory(file)) {
            throw new ConfigException(named + ": this is a folder and no file");
        }
        if (!PEM.equals(type) && isPem(file, named)) {
            throw new ConfigException(named + ": the file is PEM, so set " + keys + "type=" + PEM + ", which is " + type
                    + " now or by default");
        }
    }

    private static boolean isPem(Path file, String named) {
        try (InputStream content = Files.newInputStream(file)) {
            return new String(content.readNBytes(PEM_BEGINS_WITHIN_BYTES), StandardCharsets.ISO_8859_1)
                    .contains("-----BEGIN ");
        } catch (IOException e) {
            throw new ConfigException(named + ": the file cannot be read (" + e + ")");
        }
    }
}
