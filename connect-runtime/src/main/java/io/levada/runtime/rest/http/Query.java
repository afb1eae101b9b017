/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of a request's query, decoded. Names are told apart by case, as Kafka Connect does.
 *
 * @param parameters the values of each, in order; at most {@value #PARAMETERS_MAX} values in all, the rest is left out
 */
public record Query(Map<String, List<String>> parameters) {
    private static final int PARAMETERS_MAX = 1000;

    public Query {
        parameters = Map.copyOf(parameters);
    }

    /** Throws {@link HttpStatusException} with 400 for a broken escape. */
    public static Query of(@Nullable String raw) {
        if (raw == null || raw.isEmpty()) {
            return new Query(Map.of());
        }
        try {
            return new Query(
                    new QueryStringDecoder(raw, StandardCharsets.UTF_8, false, PARAMETERS_MAX, true).parameters());
        } catch (IllegalArgumentException e) {
            throw new HttpStatusException(
                    400, "Bad request query: a percent sign must be followed by two hexadecimal digits");
        }
    }

    /** Whether the query names it, also without a value. */
    public boolean contains(String name) {
        return parameters.containsKey(name);
    }

    /** The first value; null if there is none. */
    @Nullable
    String first(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : values.get(0);
    }

    List<String> all(String name) {
        return parameters.getOrDefault(name, List.of());
    }
}
