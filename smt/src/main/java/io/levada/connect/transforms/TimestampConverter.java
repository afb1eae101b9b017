/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.Derived;
import io.levada.connect.api.StructValues;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * Changes how a timestamp is written: text, Unix time, or Connect's Date, Time or Timestamp.
 *
 * <pre>
 * field=at, target.type=string, format=yyyy-MM-dd
 *
 * value {id: 7, at: 1767225600000}  ->  value {id: 7, at: "2026-01-01"}
 * </pre>
 *
 * <p>Times are UTC, and precise to the millisecond. Null stays null.
 *
 * @param <R> source or sink records
 */
public abstract sealed class TimestampConverter<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "field",
                    ConfigDef.Type.STRING,
                    "",
                    ConfigDef.Importance.HIGH,
                    "Name of the field that holds the timestamp; empty if the whole key or value is one.")
            .define(
                    "target.type",
                    ConfigDef.Type.STRING,
                    ConfigDef.NO_DEFAULT_VALUE,
                    ConfigDef.ValidString.in("string", "unix", "Date", "Time", "Timestamp"),
                    ConfigDef.Importance.HIGH,
                    "What the timestamp becomes: string, unix (a count since 1970), Date, Time or Timestamp.")
            .define(
                    "format",
                    ConfigDef.Type.STRING,
                    "",
                    ConfigDef.Importance.MEDIUM,
                    "Pattern of java.text.SimpleDateFormat, by which text is read and, for target.type=string, written.")
            .define(
                    "unix.precision",
                    ConfigDef.Type.STRING,
                    "milliseconds",
                    ConfigDef.ValidString.in("nanoseconds", "microseconds", "milliseconds", "seconds"),
                    ConfigDef.Importance.LOW,
                    "What Unix times count, read or written: seconds, milliseconds, microseconds or nanoseconds. "
                            + "Anything finer than a millisecond is lost."));

    private static final String PURPOSE = "convert a timestamp";

    private String fieldName = "";
    private Nulls nulls = Nulls.BECOME_DEFAULT;
    private TimestampForms forms = TimestampForms.UNIX_MILLIS;
    private Derived<Schema, Plan> plans = new Derived<>(this::plan);

    private TimestampConverter(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        fieldName = config.getString("field");
        forms = TimestampForms.of(
                config.getString("target.type"), config.getString("format"), config.getString("unix.precision"));
        nulls = Nulls.from(config);
        plans = new Derived<>(this::plan);
    }

    @Override
    public R apply(R record) {
        Schema schema = part.schema(record);
        Object data = part.data(record);
        return schema == null ? schemaless(record, data) : withSchema(record, schema, data);
    }

    private R schemaless(R record, @Nullable Object data) {
        if (data == null || fieldName.isEmpty()) {
            return part.replace(record, null, forms.convert(data));
        }
        Map<String, @Nullable Object> map = RecordPart.map(data, PURPOSE);
        Map<String, @Nullable Object> result = new LinkedHashMap<>(map);
        result.put(fieldName, forms.convert(map.get(fieldName)));
        return part.replace(record, null, result);
    }

    private R withSchema(R record, Schema schema, @Nullable Object data) {
        if (fieldName.isEmpty()) {
            return part.replace(record, forms.targetSchema(schema.isOptional()), forms.convert(schema, data));
        }
        Struct struct = data == null ? null : RecordPart.struct(data, PURPOSE);
        Plan plan = plans.of(schema);
        return part.replace(record, plan.target, struct == null ? null : plan.convert(struct, plan.target));
    }

    private Plan plan(Schema schema) {
        SchemaBuilder builder = StructMapping.likewise(schema);
        for (Field field : schema.fields()) {
            boolean converted = field.name().equals(fieldName);
            builder.field(
                    field.name(), converted ? forms.targetSchema(field.schema().isOptional()) : field.schema());
        }
        if (schema.isOptional()) {
            builder.optional();
        }
        if (schema.defaultValue() instanceof Struct defaultValue) {
            builder.defaultValue(new Plan(builder, copies(schema, builder)).convert(defaultValue, builder));
        }
        Schema target = builder.build();
        return new Plan(target, copies(schema, target));
    }

    private static List<StructMapping.FieldCopy> copies(Schema schema, Schema target) {
        List<StructMapping.FieldCopy> copies = new ArrayList<>();
        schema.fields().forEach(from -> copies.add(new StructMapping.FieldCopy(from, target.field(from.name()))));
        return copies;
    }

    /** How structs of one schema are rewritten. */
    private final class Plan {
        private final Schema target;
        private final List<StructMapping.FieldCopy> copies;

        Plan(Schema target, List<StructMapping.FieldCopy> copies) {
            this.target = target;
            this.copies = copies;
        }

        Struct convert(Struct source, Schema as) {
            Struct result = new Struct(as);
            for (StructMapping.FieldCopy copy : copies) {
                Object value = nulls.read(source, copy.from());
                if (copy.from().name().equals(fieldName)) {
                    result.put(copy.to(), forms.convert(copy.from().schema(), value));
                } else {
                    StructValues.put(result, copy.to(), value);
                }
            }
            return result;
        }
    }

    /** Converts in the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends TimestampConverter<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Converts in the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends TimestampConverter<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
