/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request is answered.
 *
 * @param status the HTTP status
 * @param contentType of the body; null if there is none
 * @param body a value to be written as JSON, or the bytes themselves; null for none
 * @param headers further headers
 * @param warnings what else is to be said, in whole sentences: see {@link WarningHeader}
 */
public record Answer(
        int status,
        @Nullable String contentType,
        @Nullable Object body,
        Map<String, String> headers,
        List<String> warnings) {
    public static final String JSON = "application/json";

    public Answer {
        headers = Map.copyOf(headers);
        warnings = List.copyOf(warnings);
    }

    public Answer(int status, @Nullable String contentType, @Nullable Object body, Map<String, String> headers) {
        this(status, contentType, body, headers, List.of());
    }

    public static Answer json(int status, @Nullable Object body) {
        return new Answer(status, JSON, body, Map.of());
    }

    public static Answer ok(@Nullable Object body) {
        return json(200, body);
    }

    public static Answer empty(int status) {
        return new Answer(status, null, null, Map.of());
    }

    public static Answer bytes(String contentType, byte[] body) {
        return new Answer(200, contentType, body, Map.of());
    }

    /** As Kafka Connect writes it: {@code {"error_code":404,"message":"..."}}. */
    public static Answer error(int status, String message) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("error_code", status);
        body.put("message", message);
        return json(status, body);
    }

    /** The same with one header more, which takes the place of one of that name. */
    public Answer with(String header, String value) {
        Map<String, String> all = new LinkedHashMap<>(headers);
        all.put(header, value);
        return new Answer(status, contentType, body, all, warnings);
    }

    /** The same with these warnings in place of others. */
    public Answer warning(List<String> texts) {
        return new Answer(status, contentType, body, headers, texts);
    }
}
