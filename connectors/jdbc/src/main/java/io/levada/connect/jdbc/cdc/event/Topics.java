/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.config.Option;
import io.levada.connect.jdbc.cdc.table.EnvelopeSchemas;
import io.levada.connect.jdbc.cdc.table.TableName;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.data.Schema;

/** Names of topics, and of schemas, which are named after them. */
public record Topics(
        @Option(
                name = "topic.prefix",
                doc =
                        "Names this database in topics, schemas and stored offsets: a table's topic is PREFIX.schema.table. Another"
                                + " prefix is another capture, which begins anew.",
                importance = Importance.HIGH,
                group = "Topics")
        String prefix,

        @Option(
                name = "topic.delimiter",
                doc = "Stands between the parts of a topic's name.",
                defaultValue = ".",
                importance = Importance.LOW,
                group = "Topics")
        String delimiter,

        @Option(
                name = "topic.heartbeat.prefix",
                doc = "The heartbeat's topic is this, the delimiter and topic.prefix.",
                defaultValue = "__debezium-heartbeat",
                importance = Importance.LOW,
                group = "Topics")
        String heartbeatPrefix,

        @Option(
                name = "topic.transaction",
                doc = "The topic of transaction metadata is topic.prefix, the delimiter and this.",
                defaultValue = "transaction",
                importance = Importance.LOW,
                group = "Topics")
        String transaction)
        implements EnvelopeSchemas {

    private static final int LENGTH_MAX = 249;

    @Override
    public String topic(TableName table) {
        return sanitized(prefix + delimiter + table.schema() + delimiter + table.table());
    }

    @Override
    public Schema envelope(String topic, Schema row) {
        return Envelope.schema(topic, row);
    }

    String heartbeat() {
        return sanitized(heartbeatPrefix + delimiter + prefix);
    }

    String transactions() {
        return sanitized(prefix + delimiter + transaction);
    }

    String messages() {
        return prefix + ".message";
    }

    /** What Kafka does not allow in a topic's name becomes an underscore. */
    private static String sanitized(String name) {
        String allowed = name.replaceAll("[^a-zA-Z0-9._-]", "_");
        return allowed.length() > LENGTH_MAX ? allowed.substring(0, LENGTH_MAX) : allowed;
    }
}
