/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.status;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.topics.StateJson;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * That a connector uses a topic (KIP-558). The key says all that is ever asked for, {@code
 * status-topic-<topic>:connector-<name>}; the value adds who found out and when.
 */
record TopicUse(String topic, ConnectorName connector) {
    static final String PREFIX = "status-topic-";
    private static final String SEPARATOR = ":connector-";

    String key() {
        return PREFIX + topic + SEPARATOR + connector;
    }

    /** {@code {"topic":{"name":"t","connector":"c","task":0,"discoverTimestamp":1700000000000}}}. */
    byte[] value(TaskId foundBy, long timestampMs) {
        Map<String, Object> use = new LinkedHashMap<>();
        use.put("name", topic);
        use.put("connector", connector.value());
        use.put("task", foundBy.task());
        use.put("discoverTimestamp", timestampMs);
        return StateJson.write(Map.of("topic", use));
    }

    /** Topic names hold no colon, so the first separator ends them. */
    static Optional<TopicUse> parse(String key) {
        int separator = key.indexOf(SEPARATOR);
        return separator < PREFIX.length()
                ? Optional.empty()
                : Optional.of(new TopicUse(
                        key.substring(PREFIX.length(), separator),
                        new ConnectorName(key.substring(separator + SEPARATOR.length()))));
    }
}
