/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.registry.schemas.RegistryError;
import io.levada.registry.schemas.RegistryException;
import java.util.Map;

/**
 * A request taken apart.
 *
 * @param path values of the path's variables, by name
 * @param query first value of each query parameter
 * @param body the JSON body; a missing node if there is none
 */
record Call(Map<String, String> path, Map<String, String> query, JsonNode body) {

    Call {
        path = Map.copyOf(path);
        query = Map.copyOf(query);
    }

    String subject() {
        return variable("subject");
    }

    String version() {
        return variable("version");
    }

    /** @throws RegistryException if the path holds no number there */
    int id() {
        try {
            return Integer.parseInt(variable("id"));
        } catch (NumberFormatException e) {
            throw new RegistryException(RegistryError.SCHEMA_NOT_FOUND, "Schema " + variable("id") + " not found", e);
        }
    }

    private String variable(String name) {
        String value = path.get(name);
        if (value == null) {
            throw new IllegalStateException("the route has no variable " + name);
        }
        return value;
    }

    boolean flag(String name) {
        return Boolean.parseBoolean(query.getOrDefault(name, "false"));
    }

    String schemaType() {
        return body.path("schemaType").asText("AVRO");
    }

    /** @throws RegistryException if the body has no schema, or one that refers to others */
    String schema() {
        if (!body.path("references").isEmpty()) {
            throw new RegistryException(
                    RegistryError.INVALID_SCHEMA, "Invalid schema: references to other schemas are not supported");
        }
        String schema = body.path("schema").asText("");
        if (schema.isBlank()) {
            throw new RegistryException(RegistryError.INVALID_SCHEMA, "Empty schema");
        }
        return schema;
    }
}
