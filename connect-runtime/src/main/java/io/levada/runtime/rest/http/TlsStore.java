/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;
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
    /** Tools write whose certificate it is in front of it, and a chain before its key. */
    private static final int PEM_BYTES_MAX = 1 << 20;

    private static final Pattern OLDER_KEY = Pattern.compile("-----BEGIN (RSA|EC|DSA) PRIVATE KEY-----");

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
        String content = beginning(file, named);
        if (!PEM.equals(type) && content.contains("-----BEGIN ")) {
            throw new ConfigException(named + ": the file is PEM, so set " + keys + "type=" + PEM + ", which is " + type
                    + " now or by default");
        }
        if (PEM.equals(type) && keys.endsWith("keystore.")) { // of a trust store only the certificates are read
            checkPemKey(named, location, content);
        }
    }

    /**
     * Throws {@link ConfigException} if a key in PEM is of the older form, which kafka-clients do not read and do not name.
     *
     * @param named which it is, for the message
     * @param file where it is, for the command that turns it into the other form
     */
    static void checkPemKey(String named, String file, String pem) {
        if (OLDER_KEY.matcher(pem).find()) {
            throw new ConfigException(named + ": the key is of the form PKCS#1 or SEC 1, and must be PKCS#8."
                    + " Turn it into that by: openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem");
        }
    }

    private static String beginning(Path file, String named) {
        try (InputStream content = Files.newInputStream(file)) {
            return new String(content.readNBytes(PEM_BYTES_MAX), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new ConfigException(named + ": the file cannot be read (" + e + ")");
        }
    }
}
