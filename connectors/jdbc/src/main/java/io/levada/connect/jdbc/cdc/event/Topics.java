/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.api.config.Option;
import io.levada.connect.jdbc.cdc.table.EnvelopeSchemas;
import io.levada.connect.jdbc.cdc.table.TableName;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.connect.data.Schema;

/** Names of topics, of schemas, which are named after them, and of fields. */
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
        String transaction,

        @Option(
                name = "topic.heartbeat.name",
                doc = "The heartbeat's topic, if it is not to be named after topic.prefix.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Topics")
        String heartbeatName,

        @Option(
                name = "topic.naming.strategy",
                doc =
                        "How tables' topics are named: Schema… as PREFIX.schema.table, Default… as PREFIX.table. What Kafka does not"
                                + " allow in a name becomes an underscore; with …Unicode… it, and the underscore itself, becomes _uXXXX,"
                                + " so that two tables never share a topic.",
                defaultValue = "io.debezium.schema.SchemaTopicNamingStrategy",
                importance = Importance.LOW,
                group = "Topics")
        TopicNaming naming,

        @Option(
                name = "schema.name.adjustment.mode",
                doc =
                        "What becomes of characters in names of schemas that Avro does not allow: none leaves them, avro makes them"
                                + " underscores, avro_unicode makes them, and underscores, _uXXXX.",
                defaultValue = "none",
                importance = Importance.LOW,
                group = "Topics")
        NameAdjustment schemaNames,

        @Option(
                name = "field.name.adjustment.mode",
                doc =
                        "The same for names of fields, which columns give. Where the connector's own converter is Confluent's or"
                                + " Apicurio's for Avro, none is avro.",
                defaultValue = "none",
                importance = Importance.LOW,
                group = "Topics")
        NameAdjustment fieldNames)
        implements EnvelopeSchemas {

    private static final Set<String> AVRO_CONVERTERS =
            Set.of("io.confluent.connect.avro.AvroConverter", "io.apicurio.registry.utils.converter.AvroConverter");

    /**
     * The same names, as a converter of the connector's own needs them.
     *
     * @param properties the connector's
     */
    public Topics forConverters(Map<String, String> properties) {
        boolean avro = Stream.of("key.converter", "value.converter")
                .anyMatch(key -> AVRO_CONVERTERS.contains(properties.getOrDefault(key, "")));
        return !avro || fieldNames != NameAdjustment.NONE
                ? this
                : new Topics(
                        prefix,
                        delimiter,
                        heartbeatPrefix,
                        transaction,
                        heartbeatName,
                        naming,
                        schemaNames,
                        NameAdjustment.AVRO);
    }

    @Override
    public String topic(TableName table) {
        return naming.topic(prefix, delimiter, table);
    }

    @Override
    public Schema envelope(String topic, Schema row) {
        return Envelope.schema(schemaName(topic + ".Envelope"), row);
    }

    @Override
    public String schemaName(String name) {
        return schemaNames.schema(name);
    }

    @Override
    public String fieldName(String column) {
        return fieldNames.field(column);
    }

    String heartbeat() {
        return heartbeatName.isBlank()
                ? TopicNaming.allowed(heartbeatPrefix + delimiter + prefix, false)
                : TopicNaming.allowed(heartbeatName.strip(), false);
    }

    String transactions() {
        return TopicNaming.allowed(prefix + delimiter + transaction, false);
    }

    String messages() {
        return prefix + ".message";
    }
}
