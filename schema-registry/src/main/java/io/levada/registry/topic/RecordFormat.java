/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.topic;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The records of the registry's topic as Confluent's registry writes them: JSON in key and value.
 *
 * <pre>
 * {"keytype":"SCHEMA","subject":"orders-value","version":1,"magic":1}
 *     {"subject":"orders-value","version":1,"id":1,"schema":"\"long\"","deleted":false}
 * {"keytype":"CONFIG","subject":null,"magic":0}
 *     {"compatibilityLevel":"FULL"}
 * {"keytype":"DELETE_SUBJECT","subject":"orders-value","magic":0}
 *     {"subject":"orders-value","version":3}
 * </pre>
 *
 * <p>A schema that is not Avro also has {@code "schemaType"} in its value. A null value removes what the key names.
 */
final class RecordFormat {

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private RecordFormat() {}

    /** Key and value as JSON text. */
    record Encoded(String key, @Nullable String value) {}

    static Encoded encode(RegistryRecord.Registered registered) {
        ObjectNode key = key("SCHEMA", registered.subject())
                .put("version", registered.version())
                .put("magic", 1);
        ObjectNode value = MAPPER.createObjectNode()
                .put("subject", registered.subject())
                .put("version", registered.version())
                .put("id", registered.id());
        if (!registered.schemaType().equals("AVRO")) {
            value.put("schemaType", registered.schemaType());
        }
        return new Encoded(
                text(key), text(value.put("schema", registered.schema()).put("deleted", registered.deleted())));
    }

    static Encoded encode(RegistryRecord.LevelSet set) {
        String key = text(key("CONFIG", set.subject()).put("magic", 0));
        return set.level() == null
                ? new Encoded(key, null)
                : new Encoded(key, text(MAPPER.createObjectNode().put("compatibilityLevel", set.level())));
    }

    private static ObjectNode key(String type, @Nullable String subject) {
        return MAPPER.createObjectNode().put("keytype", type).put("subject", subject);
    }

    private static String text(ObjectNode json) {
        try {
            return MAPPER.writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of strings and numbers is always JSON", e);
        }
    }

    /** @throws IOException if key or value is no JSON, or lacks what its kind of record must say */
    static RegistryRecord decode(byte @Nullable [] key, byte @Nullable [] value) throws IOException {
        if (key == null) {
            throw new IOException("a record without a key");
        }
        JsonNode name = MAPPER.readTree(key);
        if (!name.path("keytype").isTextual()) {
            throw new IOException("the key has no keytype");
        }
        JsonNode content = value == null ? null : MAPPER.readTree(value);
        return switch (name.path("keytype").asText()) {
            case "SCHEMA" ->
                content == null
                        ? new RegistryRecord.Removed(text(name, "subject"), number(name, "version"))
                        : registered(content);
            case "CONFIG" ->
                new RegistryRecord.LevelSet(
                        name.path("subject").textValue(),
                        content == null
                                ? null
                                : content.path("compatibilityLevel").textValue());
            case "DELETE_SUBJECT" ->
                content == null
                        ? new RegistryRecord.Other()
                        : new RegistryRecord.SubjectDeleted(text(content, "subject"), number(content, "version"));
            default -> new RegistryRecord.Other();
        };
    }

    private static RegistryRecord registered(JsonNode value) throws IOException {
        JsonNode type = value.path("schemaType");
        return new RegistryRecord.Registered(
                text(value, "subject"),
                number(value, "version"),
                number(value, "id"),
                type.isTextual() ? type.textValue() : "AVRO",
                text(value, "schema"),
                value.path("deleted").asBoolean());
    }

    private static String text(JsonNode object, String field) throws IOException {
        if (!object.path(field).isTextual()) {
            throw new IOException("'" + field + "' is missing or not text");
        }
        return object.path(field).textValue();
    }

    /** Ids and versions count from 1. */
    private static int number(JsonNode object, String field) throws IOException {
        if (!object.path(field).canConvertToInt()
                || !object.path(field).isIntegralNumber()
                || object.path(field).intValue() < 1) {
            throw new IOException("'" + field + "' is missing or not a number from 1 on");
        }
        return object.path(field).intValue();
    }
}
