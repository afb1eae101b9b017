/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.connect.ConnectClient;
import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connectors that a worker was given as files. One that is not there is created, one that differs is changed, one that is as the
 * file says is left alone: a restart with the same files changes nothing, not even if what it connects to is away just then.
 */
final class ConnectorsAtStart {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectorsAtStart.class);

    private final ConnectClient worker;

    ConnectorsAtStart(URI restUrl) {
        this.worker = ConnectClient.to(restUrl);
    }

    /** Applies the files in their order; the first that is refused ends it. */
    void apply(List<ConnectorFile> connectors) {
        for (ConnectorFile connector : connectors) {
            try {
                apply(connector);
            } catch (Problem refused) {
                throw new Problem(ExitCode.FAILURE, refused.what(), refused.why(), refused.remedy(), refused);
            }
        }
    }

    private void apply(ConnectorFile connector) {
        String name = connector.name();
        JsonNode existing =
                worker.get("list connectors", "/connectors?expand=info").path(name);
        if (existing.isMissingNode()) {
            worker.post("create connector '" + name + "'", "/connectors", connector.createRequest());
            LOGGER.atInfo().addKeyValue("connector", name).log("connector created from its file");
        } else if (!asText(existing.path("info").path("config")).equals(asText(connector.config()))) {
            ObjectNode config = connector.config();
            worker.put("change connector '" + name + "'", ConnectClient.path("connectors", name, "config"), config);
            LOGGER.atInfo().addKeyValue("connector", name).log("connector changed to what its file says");
        }
    }

    /** A worker stores every value as text; a file may say {@code 2} where the worker says {@code "2"}. */
    private static Map<String, String> asText(JsonNode config) {
        Map<String, String> values = new TreeMap<>();
        config.properties()
                .forEach(entry -> values.put(entry.getKey(), entry.getValue().asText()));
        return values;
    }
}
