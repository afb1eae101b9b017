/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry.rest;

import io.levada.registry.schemas.Compatibility;
import io.levada.registry.schemas.SchemaVersion;
import io.levada.registry.schemas.Schemas;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;

/** Every path with the question it asks and the body it answers with. */
final class Routes {

    private Routes() {}

    static List<Route> all() {
        return List.of(
                new Route("GET", "/", (schemas, call) -> Map.of()),
                new Route("GET", "/subjects", (schemas, call) -> schemas.subjects()),
                new Route(
                        "POST",
                        "/subjects/{subject}",
                        (schemas, call) -> version(schemas.lookUp(call.subject(), call.schemaType(), call.schema()))),
                new Route("GET", "/subjects/{subject}/versions", (schemas, call) -> schemas.versions(call.subject())),
                new Route(
                        "POST",
                        "/subjects/{subject}/versions",
                        (schemas, call) -> Map.of(
                                "id",
                                schemas.register(call.subject(), call.schemaType(), call.schema())
                                        .id())),
                new Route(
                        "GET",
                        "/subjects/{subject}/versions/{version}",
                        (schemas, call) -> version(schemas.version(call.subject(), call.version()))),
                new Route(
                        "GET",
                        "/subjects/{subject}/versions/{version}/schema",
                        (schemas, call) -> new RawJson(
                                schemas.version(call.subject(), call.version()).schema())),
                new Route("GET", "/schemas/types", (schemas, call) -> List.of("AVRO")),
                new Route("GET", "/schemas/ids/{id}", (schemas, call) -> schema(schemas.byId(call.id()))),
                new Route(
                        "GET",
                        "/schemas/ids/{id}/schema",
                        (schemas, call) -> new RawJson(schemas.byId(call.id()).schema())),
                new Route(
                        "GET",
                        "/schemas/ids/{id}/subjects",
                        (schemas, call) -> schemas.usesOf(call.id()).stream()
                                .map(SchemaVersion::subject)
                                .distinct()
                                .toList()),
                new Route(
                        "GET",
                        "/schemas/ids/{id}/versions",
                        (schemas, call) -> schemas.usesOf(call.id()).stream()
                                .map(use -> ordered("subject", use.subject(), "version", use.version()))
                                .toList()),
                new Route("GET", "/config", (schemas, call) -> level(schemas.globalLevel())),
                new Route("PUT", "/config", (schemas, call) -> {
                    Compatibility level = requested(call);
                    schemas.setLevel(null, level);
                    return Map.of("compatibility", level.name());
                }),
                new Route(
                        "GET",
                        "/config/{subject}",
                        (schemas, call) -> level(
                                call.flag("defaultToGlobal")
                                        ? schemas.levelOf(call.subject())
                                        : schemas.ownLevelOf(call.subject()))),
                new Route("PUT", "/config/{subject}", (schemas, call) -> {
                    Compatibility level = requested(call);
                    schemas.setLevel(call.subject(), level);
                    return Map.of("compatibility", level.name());
                }),
                new Route("GET", "/mode", (schemas, call) -> Map.of("mode", "READWRITE")),
                new Route(
                        "POST",
                        "/compatibility/subjects/{subject}/versions",
                        (schemas, call) ->
                                verdict(call, schemas.faults(call.subject(), call.schemaType(), call.schema()))),
                new Route(
                        "POST",
                        "/compatibility/subjects/{subject}/versions/{version}",
                        (schemas, call) -> verdict(
                                call,
                                schemas.faults(call.subject(), call.version(), call.schemaType(), call.schema()))));
    }

    private static Compatibility requested(Call call) {
        return Compatibility.named(call.body().path("compatibility").asText(""));
    }

    private static Map<String, Object> level(Compatibility level) {
        return Map.of("compatibilityLevel", level.name());
    }

    private static Map<String, Object> schema(SchemaVersion version) {
        Map<String, Object> answer = new LinkedHashMap<>();
        if (!version.schemaType().equals("AVRO")) {
            answer.put("schemaType", version.schemaType());
        }
        answer.put("schema", version.schema());
        return answer;
    }

    private static Map<String, Object> version(SchemaVersion version) {
        Map<String, Object> answer = ordered("subject", version.subject(), "version", version.version());
        answer.put("id", version.id());
        answer.putAll(schema(version));
        return answer;
    }

    private static Map<String, Object> verdict(Call call, List<String> faults) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("is_compatible", faults.isEmpty());
        if (call.flag("verbose")) {
            answer.put("messages", faults);
        }
        return answer;
    }

    private static Map<String, Object> ordered(String first, Object firstValue, String second, Object secondValue) {
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put(first, firstValue);
        answer.put(second, secondValue);
        return answer;
    }

    /** An answer that is JSON already. */
    record RawJson(String text) {}

    /**
     * @param template segments in braces are variables
     * @param question runs on the thread that owns the schemas
     */
    record Route(String method, String template, BiFunction<Schemas, Call, Object> question) {}
}
