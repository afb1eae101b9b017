/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Class names of Apache and Confluent under which the bundled pieces may be configured. Under such a name a piece keeps the defaults
 * that the name promises, so that configs written for the other project write the same bytes.
 */
final class Aliases {
    /**
     * The class behind another name.
     *
     * @param target the full name of our class
     * @param defaults what the aliased class takes for keys that are not set, where that differs from ours
     */
    record Alias(String target, Map<String, String> defaults) {}

    /** A rule for all names that start alike; the rest of the name is kept. */
    private record Rule(String from, String to, Map<String, String> defaults) {}

    private static final String CONNECT = "org.apache.kafka.connect.";
    private static final String LEVADA = "io.levada.connect.";
    private static final String CONFLUENT = "io.confluent.connect.";

    private static final List<Rule> RULES = List.of(
            new Rule(CONNECT + "transforms.", LEVADA + "transforms.", Map.of()),
            new Rule(CONNECT + "file.FileStream", LEVADA + "file.FileStream", Map.of()),
            new Rule(
                    CONNECT + "json.JsonConverter",
                    LEVADA + "converters.JsonConverter",
                    Map.of("schemas.enable", "true", "decimal.format", "BASE64")),
            new Rule(CONNECT + "storage.StringConverter", LEVADA + "converters.StringConverter", Map.of()),
            new Rule(CONNECT + "converters.", LEVADA + "converters.", Map.of()),
            new Rule(
                    CONFLUENT + "jdbc.JdbcSourceConnector",
                    LEVADA + "jdbc.JdbcSourceConnector",
                    Map.of("numeric.mapping", "none")),
            new Rule(CONFLUENT + "jdbc.JdbcSinkConnector", LEVADA + "jdbc.JdbcSinkConnector", Map.of()),
            new Rule(CONFLUENT + "s3.S3SinkConnector", LEVADA + "s3.S3SinkConnector", Map.of()));

    private Aliases() {}

    /** What {@code className} stands for, if it is one of the names known here. */
    static Optional<Alias> of(String className) {
        return RULES.stream()
                .filter(rule -> className.startsWith(rule.from()))
                .findFirst()
                .map(rule ->
                        new Alias(rule.to() + className.substring(rule.from().length()), rule.defaults()));
    }

    /** The other project's name for one of our classes, if it has one. */
    static Optional<String> nameFor(String target) {
        return RULES.stream()
                .filter(rule -> target.startsWith(rule.to()))
                .findFirst()
                .map(rule -> rule.from() + target.substring(rule.to().length()));
    }
}
