/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.io.StringReader;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * A server's properties from its environment: {@code LEVADA_PROPERTIES} holds the text of a properties file. A container, whose files are
 * an image's, is configured this way.
 */
final class EnvironmentProperties {
    private static final String VARIABLE = "LEVADA_PROPERTIES";

    private EnvironmentProperties() {}

    /** The properties, stripped; none where the variable is not set. */
    static Map<String, String> from(Map<String, String> environment) {
        Properties read = new Properties();
        try {
            read.load(new StringReader(environment.getOrDefault(VARIABLE, "")));
        } catch (IOException | IllegalArgumentException malformed) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot read the properties in the environment variable " + VARIABLE,
                    String.valueOf(malformed.getMessage()),
                    "It is written as a properties file is: key=value, one a line.",
                    malformed);
        }
        Map<String, String> properties = new TreeMap<>();
        read.stringPropertyNames()
                .forEach(key -> properties.put(key, read.getProperty(key).strip()));
        return properties;
    }
}
