/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.sql.SQLException;
import java.util.Optional;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/** The mapping of each type, under the options of a connector. Used by the thread of its {@link TypeCatalog}. */
public final class TypeMappings {

    private final TypeCatalog catalog;
    private final Placeholder placeholder;

    public TypeMappings(TypeOptions options, TypeCatalog catalog) {
        this.catalog = catalog;
        placeholder = new Placeholder(options.unavailablePlaceholder());
    }

    /**
     * How a column is mapped; empty where it is left out, since its type is unknown and {@code unknownTypes} is false.
     *
     * @param typmod as {@code pg_attribute.atttypmod} and pgoutput's Relation message have it, -1 for none
     */
    public Optional<ColumnMapping> of(int typeOid, int typmod) throws SQLException {
        return Optional.ofNullable(known(catalog.get(typeOid), typmod));
    }

    /**
     * The value of a column's default as its schema shows it; empty where Debezium shows none.
     *
     * @param expression as {@code pg_get_expr(adbin, adrelid)} has it
     */
    public Optional<Object> defaultValue(String expression, int typeOid, int typmod) throws SQLException {
        return Optional.empty();
    }

    private @Nullable ColumnMapping known(PgType type, int typmod) throws SQLException {
        if (type.isDomain()) {
            return known(catalog.get(type.baseOid()), typmod < 0 ? type.baseTypmod() : typmod);
        }
        return switch (type.name()) {
            case "bool" -> PlainMapping.of(SchemaBuilder::bool, Numbers::bool);
            case "int2" -> PlainMapping.of(SchemaBuilder::int16, Numbers::int2);
            case "int4" -> PlainMapping.of(SchemaBuilder::int32, Numbers::int4);
            case "int8" -> PlainMapping.of(SchemaBuilder::int64, Numbers::int8);
            case "oid" -> PlainMapping.of(SchemaBuilder::int64, Numbers::oid);
            case "float4" -> PlainMapping.of(SchemaBuilder::float32, Numbers::float4);
            case "float8" -> PlainMapping.of(SchemaBuilder::float64, Numbers::float8);
            case "text", "varchar", "bpchar", "char", "name", "citext" -> new PlainMapping(
                    SchemaBuilder::string, Text::read, placeholder.text());
            case "json", "jsonb" -> new PlainMapping(
                    Text.named("io.debezium.data.Json"), Text::read, placeholder.text());
            case "xml" -> new PlainMapping(Text.named("io.debezium.data.Xml"), Text::read, placeholder.text());
            case "uuid" -> new PlainMapping(Text.named("io.debezium.data.Uuid"), Text::read, placeholder.text());
            default -> null;
        };
    }
}
