/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.status;

import io.levada.runtime.topics.StateJson;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Value of a status record:
 * <pre>{"state":"RUNNING","trace":null,"worker_id":"localhost:8083","generation":1,"version":"1.0"}</pre>
 *
 * @param trace why it failed; null unless it did
 * @param workerId who says so
 * @param generation of the group when it was said
 * @param version of the plugin (KIP-891); null if it is not known
 */
public record Status(
        State state,
        @Nullable String trace,
        String workerId,
        int generation,
        @Nullable String version) {
    /** The same, said of another state and without a trace. */
    public Status as(State other) {
        return new Status(other, null, workerId, generation, version);
    }

    byte[] bytes() {
        Map<String, @Nullable Object> value = new LinkedHashMap<>();
        value.put("state", state.name());
        value.put("trace", trace);
        value.put("worker_id", workerId);
        value.put("generation", generation);
        value.put("version", version);
        return StateJson.write(value);
    }

    static Status parse(byte[] value) {
        Map<String, @Nullable Object> object = StateJson.readObject(value);
        if (!(object.get("state") instanceof String state)
                || !(object.get("worker_id") instanceof String workerId)
                || !(object.get("generation") instanceof Long generation)) {
            throw new DataException("a status needs state, worker_id and generation");
        }
        try {
            return new Status(
                    State.valueOf(state),
                    text(object, "trace"),
                    workerId,
                    generation.intValue(),
                    text(object, "version"));
        } catch (IllegalArgumentException e) {
            throw new DataException("unknown state " + state, e);
        }
    }

    private static @Nullable String text(Map<String, @Nullable Object> object, String field) {
        return object.get(field) instanceof String text ? text : null;
    }
}
