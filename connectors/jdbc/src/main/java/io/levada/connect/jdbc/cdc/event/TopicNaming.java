/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.config.Spelled;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How a table's topic is named: what Debezium's classes of these names do. */
public enum TopicNaming implements Spelled {
    /** PREFIX.schema.table. */
    SCHEMA("SchemaTopicNamingStrategy", true, false),
    /** PREFIX.table. */
    DEFAULT("DefaultTopicNamingStrategy", false, false),
    /** PREFIX.schema.table, with {@code _uXXXX} for what Kafka does not allow and for underscores. */
    SCHEMA_UNICODE("SchemaUnicodeTopicNamingStrategy", true, true),
    /** PREFIX.table, with {@code _uXXXX} for what Kafka does not allow and for underscores. */
    DEFAULT_UNICODE("DefaultUnicodeTopicNamingStrategy", false, true);

    private static final int LENGTH_MAX = 249;

    private final String className;
    private final boolean schema;
    private final boolean unicode;

    TopicNaming(String className, boolean schema, boolean unicode) {
        this.className = className;
        this.schema = schema;
        this.unicode = unicode;
    }

    @Override
    public String spelling() {
        return "io.debezium.schema." + className;
    }

    String topic(String prefix, String delimiter, TableName table) {
        String name = Stream.of(prefix, schema ? table.schema() : "", table.table())
                .filter(part -> !part.isBlank())
                .collect(Collectors.joining(delimiter));
        return allowed(name, unicode);
    }

    /**
     * A name that Kafka allows for a topic.
     *
     * @param unicode characters it does not allow, and underscores, are told apart; else each becomes an underscore
     */
    static String allowed(String name, boolean unicode) {
        StringBuilder allowed = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean stays = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '-'
                    || (c == '_' && !unicode);
            if (stays) {
                allowed.append(c);
            } else {
                allowed.append(unicode ? NameAdjustment.escaped(c) : "_");
            }
        }
        return allowed.length() > LENGTH_MAX ? allowed.substring(0, LENGTH_MAX) : allowed.toString();
    }
}
