/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Builds a schema from the JSON object that messages carry; the form is in {@link SchemaJson}.
 *
 * @param mapper of the messages
 * @param readers of default values
 */
record SchemaParser(ObjectMapper mapper, ValueReaders readers) {

    /**
     * @return null for JSON null, which stands for schemaless data
     * @throws DataException if the JSON is no schema
     */
    @Nullable
    Schema parse(JsonNode json) {
        if (json.isNull()) {
            return null;
        }
        SchemaBuilder builder = typed(json);
        describe(json, builder);
        JsonNode defaultValue = json.get("default");
        if (defaultValue != null) {
            builder.defaultValue(defaultValue(builder, defaultValue));
        }
        return builder.build();
    }

    private SchemaBuilder typed(JsonNode json) {
        JsonNode name = json.get("type");
        if (name == null || !name.isTextual()) {
            throw new DataException("Cannot read a JSON schema: it has no \"type\"");
        }
        Schema.Type type = SchemaTypes.named(name.textValue());
        return switch (type) {
            case ARRAY -> SchemaBuilder.array(part(json, "items"));
            case MAP -> SchemaBuilder.map(part(json, "keys"), part(json, "values"));
            case STRUCT -> struct(json);
            default -> new SchemaBuilder(type);
        };
    }

    private @Nullable Schema part(JsonNode json, String key) {
        JsonNode part = json.get(key);
        if (part == null) {
            throw new DataException("Cannot read a JSON schema: " + json.get("type") + " has no \"" + key + "\"");
        }
        return parse(part);
    }

    private SchemaBuilder struct(JsonNode json) {
        JsonNode fields = json.get("fields");
        if (fields == null || !fields.isArray()) {
            throw new DataException("Cannot read a JSON schema: the \"fields\" of a struct must be an array");
        }
        SchemaBuilder builder = SchemaBuilder.struct();
        for (JsonNode field : fields) {
            JsonNode name = field.get("field");
            if (name == null || !name.isTextual()) {
                throw new DataException(
                        "Cannot read a JSON schema: each of \"fields\" must have its name in \"field\"");
            }
            builder.field(name.textValue(), parse(field));
        }
        return builder;
    }

    private static void describe(JsonNode json, SchemaBuilder builder) {
        if (json.path("optional").asBoolean(false) && json.path("optional").isBoolean()) {
            builder.optional();
        } else {
            builder.required();
        }
        if (json.path("name").isTextual()) {
            builder.name(json.path("name").textValue());
        }
        if (json.path("version").isIntegralNumber()) {
            builder.version(json.path("version").intValue());
        }
        if (json.path("doc").isTextual()) {
            builder.doc(json.path("doc").textValue());
        }
        for (Map.Entry<String, JsonNode> parameter : json.path("parameters").properties()) {
            if (!parameter.getValue().isTextual()) {
                throw new DataException(
                        "Cannot read a JSON schema: the parameter " + parameter.getKey() + " must be a string");
            }
            builder.parameter(parameter.getKey(), parameter.getValue().textValue());
        }
    }

    private @Nullable Object defaultValue(SchemaBuilder builder, JsonNode json) {
        try (JsonParser in = mapper.createParser(mapper.writeValueAsBytes(json))) {
            in.nextToken();
            return readers.of(builder.schema()).read(in);
        } catch (IOException e) {
            throw new DataException("Cannot read a JSON schema: its default value does not fit", e);
        }
    }
}
