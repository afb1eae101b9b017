/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/** The mapping of each type, under the options of a connector. Used by the thread of its {@link TypeCatalog}. */
public final class TypeMappings {

    /** Fraction digits of a time without a precision. */
    private static final int DEFAULT_PRECISION = 6;

    /** Types whose arrays are left out, also where unknown types are not. */
    private static final Set<String> WITHOUT_ARRAYS =
            Set.of("money", "name", "interval", "varbit", "xml", "point", "refcursor");

    /** Types in whose arrays Debezium's schema leaves no room for NULL. */
    private static final Set<String> REQUIRED_IN_ARRAYS = Set.of("tsvector", "vector", "halfvec", "sparsevec", "isbn");

    private final TypeOptions options;
    private final TypeCatalog catalog;
    private final Placeholder placeholder;
    private final Decimals decimals;
    private final Binary binary;

    public TypeMappings(TypeOptions options, TypeCatalog catalog) {
        this.options = options;
        this.catalog = catalog;
        placeholder = new Placeholder(options.unavailablePlaceholder());
        decimals = new Decimals(options, placeholder);
        binary = new Binary(options.binary(), placeholder);
    }

    /**
     * How a column is mapped; empty where it is left out, since its type is unknown and {@code unknownTypes} is false.
     *
     * @param typmod as {@code pg_attribute.atttypmod} and pgoutput's Relation message have it, -1 for none
     */
    public Optional<ColumnMapping> of(int typeOid, int typmod) throws SQLException {
        return Optional.ofNullable(mapping(catalog.get(typeOid), typmod));
    }

    /**
     * The value of a column's default as its schema shows it: of a literal, and zero, the empty text or 1970 for what the
     * server computes. Empty where Debezium shows none.
     *
     * @param expression as {@code pg_get_expr(adbin, adrelid)} has it
     */
    public Optional<Object> defaultValue(String expression, int typeOid, int typmod) throws SQLException {
        PgType type = catalog.get(typeOid);
        @Nullable ColumnMapping mapping = mapping(type, typmod);
        if (mapping == null) {
            return Optional.empty();
        }
        try {
            return DefaultExpression.text(expression, type, typmod)
                    .map(text -> read(mapping, text))
                    // Structs cannot be defaults (KAFKA-12694).
                    .filter(value -> !(value instanceof Struct));
        } catch (DataException | IllegalArgumentException | ArithmeticException ignored) {
            // An expression that only the server can evaluate.
            return Optional.empty();
        }
    }

    private static Object read(ColumnMapping mapping, String value) {
        byte[] text = value.getBytes(StandardCharsets.UTF_8);
        return mapping.read(text, 0, text.length);
    }

    private @Nullable ColumnMapping mapping(PgType type, int typmod) throws SQLException {
        if (type.isDomain()) {
            return mapping(catalog.get(type.baseOid()), typmod < 0 ? type.baseTypmod() : typmod);
        }
        if (type.isEnum()) {
            return new EnumMapping(catalog.labels(type), placeholder);
        }
        if (type.isArray()) {
            return array(type, catalog.get(type.elementOid()), typmod);
        }
        @Nullable ColumnMapping known = scalar(type, typmod);
        return known == null && options.unknownTypes() ? binary.unknown() : known;
    }

    private @Nullable ColumnMapping scalar(PgType type, int typmod) {
        if (type.schema().equals("pg_catalog")) {
            return builtIn(type.name(), typmod);
        }
        // Extensions are in the schema that a user chose; a composite type of such a name is something else.
        return type.kind() == 'b' ? extension(type.name()) : null;
    }

    private @Nullable ColumnMapping builtIn(String name, int typmod) {
        return switch (name) {
            case "bool" -> PlainMapping.of(SchemaBuilder::bool, Numbers::bool);
            case "int2" -> PlainMapping.of(SchemaBuilder::int16, Numbers::int2);
            case "int4" -> PlainMapping.of(SchemaBuilder::int32, Numbers::int4);
            case "int8" -> PlainMapping.of(SchemaBuilder::int64, Numbers::int8);
            case "oid" -> PlainMapping.of(SchemaBuilder::int64, Numbers::oid);
            case "float4" -> PlainMapping.of(SchemaBuilder::float32, Numbers::float4);
            case "float8" -> PlainMapping.of(SchemaBuilder::float64, Numbers::float8);
            case "numeric" -> decimals.numeric(typmod);
            case "money" -> decimals.money();
            case "bytea" -> binary.bytea();
            case "bit", "varbit" -> BitStrings.mapping(typmod);
            case "date" -> DateMappings.of(options.times());
            case "time" -> TimeMappings.of(options.times(), precision(typmod));
            case "timetz" -> TimeMappings.zoned(options.times(), precision(typmod));
            case "timestamp" -> TimestampMappings.of(options.times(), precision(typmod));
            case "timestamptz" -> TimestampMappings.zoned(options.times(), precision(typmod));
            case "interval" -> Intervals.mapping(options.times(), options.intervals(), typmod);
            case "text", "varchar", "bpchar", "char", "name" -> text();
            case "inet", "cidr", "macaddr", "macaddr8" -> text();
            case "int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange" -> text();
            case "json", "jsonb" -> text("io.debezium.data.Json");
            case "xml" -> text("io.debezium.data.Xml");
            case "uuid" -> text("io.debezium.data.Uuid");
            case "tsvector" -> text("io.debezium.data.Tsvector");
            case "point" -> Geometries.point();
            case "line" -> Geometries.line();
            case "lseg" -> Geometries.lseg();
            case "box" -> Geometries.box();
            case "path" -> Geometries.path();
            case "polygon" -> Geometries.polygon();
            case "circle" -> Geometries.circle();
            default -> null;
        };
    }

    private static int precision(int typmod) {
        return typmod < 0 ? DEFAULT_PRECISION : typmod;
    }

    private @Nullable ColumnMapping extension(String name) {
        return switch (name) {
            case "citext", "isbn" -> text();
            case "ltree" -> text("io.debezium.data.Ltree");
            case "hstore" -> Hstore.mapping(options.hstore(), placeholder);
            case "geometry" -> Geometries.postGisGeometry();
            case "geography" -> Geometries.postGisGeography();
            case "vector" -> Vectors.vector();
            case "halfvec" -> Vectors.halfVector();
            case "sparsevec" -> Vectors.sparseVector();
            default -> null;
        };
    }

    private ColumnMapping text() {
        return new PlainMapping(SchemaBuilder::string, Text::read, placeholder.text());
    }

    private ColumnMapping text(String name) {
        return new PlainMapping(Text.named(name), Text::read, placeholder.text());
    }

    private @Nullable ColumnMapping array(PgType type, PgType element, int typmod) throws SQLException {
        if (WITHOUT_ARRAYS.contains(element.name())) {
            return null;
        }
        @Nullable ColumnMapping known = arrayElement(element, typmod);
        if (known == null) {
            return options.unknownTypes() ? ArrayMapping.of(type, binary.unknown(), ',', false, null) : null;
        }
        boolean optional =
                (element.kind() == 'b' && !REQUIRED_IN_ARRAYS.contains(element.name())) || element.kind() == 'r';
        char separator = element.name().equals("box") ? ';' : ',';
        return ArrayMapping.of(type, known, separator, optional, unavailableArray(element));
    }

    /** Arrays of domains have no mapping, but where the domain is over an enum. */
    private @Nullable ColumnMapping arrayElement(PgType element, int typmod) throws SQLException {
        PgType base = element;
        while (base.isDomain()) {
            base = catalog.get(base.baseOid());
        }
        if (base.isEnum()) {
            return new EnumMapping(catalog.labels(base), placeholder);
        }
        return element.isDomain() ? null : scalar(element, typmod);
    }

    private @Nullable Object unavailableArray(PgType element) {
        return switch (element.name()) {
            case "text", "varchar", "bpchar", "json", "jsonb" -> placeholder.texts();
            case "bytea" -> options.binary() == BinaryMode.BYTES ? List.of(placeholder.bytes()) : placeholder.texts();
            case "int4" -> placeholder.int4s();
            case "date" -> DateMappings.areDays(options.times()) ? placeholder.int4s() : null;
            case "int8" -> placeholder.int8s();
            case "uuid" -> placeholder.uuids();
            default -> null;
        };
    }
}
