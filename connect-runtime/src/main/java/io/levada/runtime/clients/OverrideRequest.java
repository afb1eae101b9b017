/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.clients;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigRequest.ClientType;
import org.jspecify.annotations.Nullable;

/**
 * What a connector wants to override of one of its clients.
 *
 * @param connector its name, null if a config without one is validated
 * @param connectorClass as its config has it
 * @param client which client
 * @param settings names without prefix, sorted, with their values
 */
public record OverrideRequest(
        @Nullable String connector, String connectorClass, ClientType client, Map<String, Object> settings) {
    public OverrideRequest {
        settings = Collections.unmodifiableMap(new TreeMap<>(settings));
    }

    /** What its keys in the connector's config begin with. */
    public String prefix() {
        return prefix(client);
    }

    /** What the keys of a client's overrides begin with. */
    public static String prefix(ClientType client) {
        return switch (client) {
            case PRODUCER -> "producer.override.";
            case CONSUMER -> "consumer.override.";
            case ADMIN -> "admin.override.";
        };
    }
}
