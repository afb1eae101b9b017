/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import java.util.ArrayList;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/**
 * Adds facts about the record, or a fixed text, as fields.
 *
 * <pre>
 * topic.field=from, static.field=site!, static.value=funchal
 *
 * topic orders, value {id: 7}  ->  topic orders, value {id: 7, from: "orders", site: "funchal"}
 * </pre>
 *
 * <p>A field name ends in {@code !} for a required field, in {@code ?} or in neither for an optional one. Null data passes unchanged.
 *
 * @param <R> source or sink records; the offset is known for sink records only
 */
public abstract sealed class InsertField<R extends ConnectRecord<R>> extends PartTransformation<R> {

    private static final String OPTIONALITY =
            " End the name in ! for a required field, in ? for an optional one (as without either).";

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "topic.field",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.MEDIUM,
                    "Field to receive the name of the record's topic." + OPTIONALITY)
            .define(
                    "partition.field",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.MEDIUM,
                    "Field to receive the record's Kafka partition, if it has one." + OPTIONALITY)
            .define(
                    "offset.field",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.MEDIUM,
                    "Field to receive the record's Kafka offset; sink connectors only." + OPTIONALITY)
            .define(
                    "timestamp.field",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.MEDIUM,
                    "Field to receive the record's timestamp, if it has one." + OPTIONALITY)
            .define(
                    "static.field",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.MEDIUM,
                    "Field to receive the text in static.value." + OPTIONALITY)
            .define(
                    "static.value",
                    ConfigDef.Type.STRING,
                    null,
                    ConfigDef.Importance.MEDIUM,
                    "The text that static.field receives."));

    private static final String PURPOSE = "insert fields";

    private List<Insertion> insertions = List.of();
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private Derived<Schema, Plan> plans = new Derived<>(this::plan);

    private InsertField(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        String text = config.getString("static.value");
        List<Insertion> wanted = new ArrayList<>();
        for (Fact fact : Fact.values()) {
            String spec = config.getString(fact.key);
            if (spec != null) {
                wanted.add(Insertion.of(spec, fact, text));
            }
        }
        if (wanted.isEmpty()) {
            throw new ConfigException("InsertField inserts nothing: set at least one of topic.field, partition.field, "
                    + "offset.field, timestamp.field and static.field");
        }
        if (config.getString("static.field") != null && text == null) {
            throw new ConfigException("static.value", null, "must be set, because static.field is");
        }
        insertions = List.copyOf(wanted);
        nulls = Nulls.from(config);
        plans = new Derived<>(this::plan);
    }

    @Override
    public R apply(R record) {
        Object data = part.data(record);
        if (data == null) {
            return record;
        }
        return part.schema(record) == null
                ? intoMap(record, RecordPart.map(data, PURPOSE))
                : intoStruct(record, RecordPart.struct(data, PURPOSE));
    }

    private R intoMap(R record, Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>(data);
        for (Insertion insertion : insertions) {
            Object value = insertion.fact.of(record, insertion.text);
            if (value != null) {
                result.put(insertion.name, value);
            }
        }
        return part.replace(record, null, result);
    }

    private R intoStruct(R record, Struct data) {
        Plan plan = plans.of(data.schema());
        Struct result = plan.mapping.copy(data, nulls);
        for (int i = 0; i < insertions.size(); i++) {
            Insertion insertion = insertions.get(i);
            Object value = insertion.fact.of(record, insertion.text);
            if (value != null) {
                result.put(plan.inserted.get(i), insertion.fact.inStruct(value));
            }
        }
        return part.replace(record, result.schema(), result);
    }

    private Plan plan(Schema schema) {
        SchemaBuilder builder = StructMapping.likewise(schema);
        schema.fields().forEach(field -> builder.field(field.name(), field.schema()));
        insertions.forEach(insertion -> builder.field(insertion.name, insertion.schema()));
        Schema target = builder.build();
        List<Field> inserted = insertions.stream()
                .map(insertion -> target.field(insertion.name))
                .toList();
        return new Plan(StructMapping.between(schema, target, name -> name), inserted);
    }

    /** @param inserted the fields that the insertions fill, in their order */
    private record Plan(StructMapping mapping, List<Field> inserted) {}

    private record Insertion(
            String name,
            boolean optional,
            Fact fact,
            @Nullable String text) {

        static Insertion of(String spec, Fact fact, @Nullable String text) {
            boolean marked = spec.endsWith("!") || spec.endsWith("?");
            String name = marked ? spec.substring(0, spec.length() - 1) : spec;
            return new Insertion(name, !spec.endsWith("!"), fact, text);
        }

        Schema schema() {
            return optional ? fact.optionalSchema : fact.schema;
        }
    }

    @SuppressWarnings("ImmutableEnumChecker") // a built Schema is immutable
    private enum Fact {
        TOPIC("topic.field", Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA) {
            @Override
            @Nullable
            Object of(ConnectRecord<?> record, @Nullable String text) {
                return record.topic();
            }
        },
        PARTITION("partition.field", Schema.INT32_SCHEMA, Schema.OPTIONAL_INT32_SCHEMA) {
            @Override
            @Nullable
            Object of(ConnectRecord<?> record, @Nullable String text) {
                return record.kafkaPartition();
            }
        },
        OFFSET("offset.field", Schema.INT64_SCHEMA, Schema.OPTIONAL_INT64_SCHEMA) {
            @Override
            Object of(ConnectRecord<?> record, @Nullable String text) {
                if (record instanceof SinkRecord sinkRecord) {
                    return sinkRecord.kafkaOffset();
                }
                throw new DataException("Cannot insert the Kafka offset into a source record of topic " + record.topic()
                        + ": it has none yet. Remove offset.field from this connector's transform");
            }
        },
        TIMESTAMP(
                "timestamp.field",
                Timestamp.SCHEMA,
                Timestamp.builder().optional().build()) {
            @Override
            @Nullable
            Object of(ConnectRecord<?> record, @Nullable String text) {
                return record.timestamp();
            }

            @Override
            Object inStruct(Object value) {
                return new Date((Long) value);
            }
        },
        STATIC("static.field", Schema.STRING_SCHEMA, Schema.OPTIONAL_STRING_SCHEMA) {
            @Override
            @Nullable
            Object of(ConnectRecord<?> record, @Nullable String text) {
                return text;
            }
        };

        private final String key;
        private final Schema schema;
        private final Schema optionalSchema;

        Fact(String key, Schema schema, Schema optionalSchema) {
            this.key = key;
            this.schema = schema;
            this.optionalSchema = optionalSchema;
        }

        /** The fact as schemaless data; null if the record lacks it. */
        abstract @Nullable Object of(ConnectRecord<?> record, @Nullable String text);

        /** The fact as a struct with a schema holds it. */
        Object inStruct(Object value) {
            return value;
        }
    }

    /** Inserts into the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends InsertField<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Inserts into the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends InsertField<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
