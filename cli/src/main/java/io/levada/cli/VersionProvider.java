/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The version the build wrote into {@code version.properties}. */
final class VersionProvider implements IVersionProvider {
    @Override
    public String[] getVersion() throws IOException {
        Properties build = new Properties();
        try (InputStream in = VersionProvider.class.getResourceAsStream("version.properties")) {
            if (in == null) {
                throw new IllegalStateException("version.properties is not in the jar");
            }
            build.load(in);
        }
        return new String[] {
            "levada " + build.getProperty("version"),
            "Kafka " + build.getProperty("kafka.version") + ", Java " + System.getProperty("java.version")
        };
    }
}
