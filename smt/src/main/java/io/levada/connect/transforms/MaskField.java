/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.transforms;

import io.levada.connect.api.StructValues;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Values;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Hides the values of fields behind the empty value of their type, or behind a replacement.
 *
 * <pre>
 * fields=card,email
 *
 * value {id: 7, card: 4111, email: "a@b.pt"}  ->  value {id: 7, card: 0, email: ""}
 *
 * fields=email, replacement=hidden
 *
 * value {id: 7, email: "a@b.pt"}  ->  value {id: 7, email: "hidden"}
 * </pre>
 *
 * <p>Null fields stay null. Null data is an error: give the transform a predicate if there are tombstones.
 *
 * @param <R> source or sink records
 */
public abstract sealed class MaskField<R extends ConnectRecord<R>> extends PartTransformation<R> {

    public static final ConfigDef CONFIG_DEF = Nulls.define(new ConfigDef()
            .define(
                    "fields",
                    ConfigDef.Type.LIST,
                    ConfigDef.NO_DEFAULT_VALUE,
                    TransformConfig.FILLED_SET,
                    ConfigDef.Importance.HIGH,
                    "Names of the fields to mask.")
            .define(
                    "replacement",
                    ConfigDef.Type.STRING,
                    null,
                    new ConfigDef.NonEmptyString(),
                    ConfigDef.Importance.LOW,
                    "What to put in place of numbers and strings, converted to the type of the field; "
                            + "without it, the zero or empty value of that type."));

    private static final String PURPOSE = "mask fields";

    /** How a replacement text becomes a value of the masked one's class. */
    private static final Map<Class<?>, Function<String, Object>> REPLACEMENTS = Map.of(
            Byte.class, text -> Values.convertToByte(null, text),
            Short.class, text -> Values.convertToShort(null, text),
            Integer.class, text -> Values.convertToInteger(null, text),
            Long.class, text -> Values.convertToLong(null, text),
            Float.class, text -> Values.convertToFloat(null, text),
            Double.class, text -> Values.convertToDouble(null, text),
            String.class, text -> text,
            BigDecimal.class, BigDecimal::new,
            BigInteger.class, BigInteger::new);

    private static final Map<Class<?>, Object> EMPTY = Map.ofEntries(
            Map.entry(Boolean.class, false),
            Map.entry(Byte.class, (byte) 0),
            Map.entry(Short.class, (short) 0),
            Map.entry(Integer.class, 0),
            Map.entry(Long.class, 0L),
            Map.entry(Float.class, 0f),
            Map.entry(Double.class, 0d),
            Map.entry(BigInteger.class, BigInteger.ZERO),
            Map.entry(BigDecimal.class, BigDecimal.ZERO),
            Map.entry(String.class, ""));

    private Set<String> fields = Set.of();
    private @Nullable String replacement;
    private Nulls nulls = Nulls.BECOME_DEFAULT;

    /** The replacement as each class met so far; at most one entry a class of {@link #REPLACEMENTS}. */
    private final Map<Class<?>, Object> converted = new HashMap<>();

    private MaskField(RecordPart part) {
        super(part);
    }

    @Override
    public ConfigDef config() {
        return CONFIG_DEF;
    }

    @Override
    public void configure(Map<String, ?> properties) {
        TransformConfig config = new TransformConfig(CONFIG_DEF, properties);
        fields = Set.copyOf(config.getList("fields"));
        replacement = config.getString("replacement");
        nulls = Nulls.from(config);
        converted.clear();
    }

    @Override
    public R apply(R record) {
        Object data = part.data(record);
        return part.schema(record) == null
                ? part.replace(record, null, masked(RecordPart.map(data, PURPOSE)))
                : part.replace(record, part.schema(record), masked(RecordPart.struct(data, PURPOSE)));
    }

    private Map<String, @Nullable Object> masked(Map<String, @Nullable Object> data) {
        Map<String, @Nullable Object> result = new LinkedHashMap<>(data);
        fields.forEach(field -> result.put(field, mask(data.get(field))));
        return result;
    }

    private Struct masked(Struct data) {
        Struct result = new Struct(data.schema());
        for (Field field : data.schema().fields()) {
            Object value = nulls.read(data, field);
            if (fields.contains(field.name())) {
                result.put(field, mask(value));
            } else {
                StructValues.put(result, field, value);
            }
        }
        return result;
    }

    private @Nullable Object mask(@Nullable Object value) {
        if (value == null) {
            return null;
        }
        return replacement == null ? empty(value) : converted.computeIfAbsent(value.getClass(), this::replacement);
    }

    private Object replacement(Class<?> type) {
        Function<String, Object> conversion = REPLACEMENTS.get(type);
        if (conversion == null || replacement == null) {
            throw new DataException(
                    "Cannot mask a value of " + type + " with a replacement: it works for numbers and strings. "
                            + "Mask such fields by a second MaskField without replacement");
        }
        try {
            return conversion.apply(replacement);
        } catch (NumberFormatException e) {
            throw new DataException(
                    "Cannot mask a value of " + type + ": the replacement " + replacement + " is not such a number", e);
        }
    }

    private static Object empty(Object value) {
        Object empty = EMPTY.get(value.getClass());
        if (empty != null) {
            return empty;
        } else if (value instanceof Date) {
            return new Date(0);
        } else if (value instanceof List) {
            return new ArrayList<>();
        } else if (value instanceof Map) {
            return new HashMap<>();
        }
        throw new DataException("Cannot mask a value of " + value.getClass() + ": this type has no empty value");
    }

    /** Masks in the record's key. */
    public static final class Key<R extends ConnectRecord<R>> extends MaskField<R> {
        public Key() {
            super(RecordPart.KEY);
        }
    }

    /** Masks in the record's value. */
    public static final class Value<R extends ConnectRecord<R>> extends MaskField<R> {
        public Value() {
            super(RecordPart.VALUE);
        }
    }
}
