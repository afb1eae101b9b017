/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.configtopic;

import io.levada.runtime.connector.TargetState;
import io.levada.runtime.topics.StateJson;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.errors.DataException;
import org.jspecify.annotations.Nullable;

/**
 * Values of the config topic, byte for byte as Kafka Connect writes them:
 *
 * <pre>
 * connector-c, task-c-0   {"properties":{"key":"value"}}
 * commit-c                {"tasks":2}
 * target-state-c          {"state":"PAUSED","state.v2":"STOPPED"}
 * tasks-fencing-c         {"task-count":2}
 * restart-connector-c     {"include-tasks":true,"only-failed":false}
 * logger-cluster-l        {"level":"DEBUG"}
 * session-key             {"key":"c2VjcmV0","algorithm":"HmacSHA256","creation-timestamp":1700000000000}
 * </pre>
 *
 * {@code state.v2} came with KIP-875; {@code state} is what older workers understand, who know no STOPPED.
 */
final class ConfigValues {
    /**
     * The most tasks of a connector that are taken for true. Each is a thread somewhere, and each must be fenced by its transactional id before
     * the next generation begins: more than this nobody runs, but anybody may write it.
     */
    static final int TASKS_MAX = 10_000;

    private ConfigValues() {}

    static byte[] properties(Map<String, @Nullable String> config) {
        return StateJson.write(Map.of("properties", config));
    }

    static byte[] commit(int tasks) {
        return StateJson.write(Map.of("tasks", tasks));
    }

    static byte[] taskCount(int tasks) {
        return StateJson.write(Map.of("task-count", tasks));
    }

    static byte[] target(TargetState state) {
        Map<String, String> value = new LinkedHashMap<>();
        value.put("state", (state == TargetState.STOPPED ? TargetState.PAUSED : state).name());
        value.put("state.v2", state.name());
        return StateJson.write(value);
    }

    static byte[] restart(RestartRequest request) {
        Map<String, Boolean> value = new LinkedHashMap<>();
        value.put("include-tasks", request.includeTasks());
        value.put("only-failed", request.onlyFailed());
        return StateJson.write(value);
    }

    static byte[] level(String level) {
        return StateJson.write(Map.of("level", level));
    }

    static String levelOf(byte @Nullable [] value) {
        if (value != null && StateJson.readObject(value).get("level") instanceof String level) {
            return level;
        }
        throw new DataException("'level' is missing or not text");
    }

    static byte[] sessionKey(SessionKey key) {
        Map<String, Object> value = new LinkedHashMap<>();
        value.put("key", Base64.getEncoder().encodeToString(key.secret()));
        value.put("algorithm", key.algorithm());
        value.put("creation-timestamp", key.createdMs());
        return StateJson.write(value);
    }

    static SessionKey sessionKeyOf(byte[] value) {
        Map<String, @Nullable Object> object = StateJson.readObject(value);
        if (object.get("key") instanceof String key
                && object.get("algorithm") instanceof String algorithm
                && object.get("creation-timestamp") instanceof Long createdMs) {
            try {
                return new SessionKey(Base64.getDecoder().decode(key), algorithm, createdMs);
            } catch (IllegalArgumentException e) {
                throw new DataException("the session key is not in base 64"); // The cause would quote it.
            }
        }
        throw new DataException("'key', 'algorithm' or 'creation-timestamp' is missing or of another type");
    }

    static Map<String, @Nullable String> propertiesOf(byte[] value) {
        if (!(StateJson.readObject(value).get("properties") instanceof Map<?, ?> properties)) {
            throw new DataException("'properties' is missing or not an object");
        }
        Map<String, @Nullable String> config = new LinkedHashMap<>();
        properties.forEach((key, text) -> {
            if (text != null && !(text instanceof String)) {
                throw new DataException("the value of property '" + key + "' is not text");
            }
            config.put(String.valueOf(key), (String) text);
        });
        return config;
    }

    static int tasksOf(byte[] value) {
        return numberOfTasks(value, "tasks");
    }

    static int taskCountOf(byte[] value) {
        return numberOfTasks(value, "task-count");
    }

    private static int numberOfTasks(byte[] value, String field) {
        if (StateJson.readObject(value).get(field) instanceof Long tasks && tasks >= 0 && tasks <= TASKS_MAX) {
            return tasks.intValue();
        }
        throw new DataException(
                "'" + field + "' is missing or not a number of tasks, of which there are " + TASKS_MAX + " at most");
    }

    static TargetState targetOf(byte[] value) {
        Map<String, @Nullable Object> object = StateJson.readObject(value);
        Object state = object.get("state.v2") == null ? object.get("state") : object.get("state.v2");
        for (TargetState known : TargetState.values()) {
            if (known.name().equals(state)) {
                return known;
            }
        }
        throw new DataException("unknown target state " + state);
    }

    static boolean flag(byte[] value, String field) {
        if (StateJson.readObject(value).get(field) instanceof Boolean flag) {
            return flag;
        }
        throw new DataException("'" + field + "' is missing or not a boolean");
    }
}
