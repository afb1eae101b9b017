/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import com.fasterxml.jackson.databind.JsonNode;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Problem;
import io.levada.cli.terminal.Table;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets the worker check a config without creating anything; exit code 5 when it found errors. */
@Command(
        name = "validate",
        header = {
            "Checks a connector file without creating anything.",
            "",
            "  levada connectors validate orders.json",
            "  levada connectors validate orders.properties",
            ""
        })
final class ValidateConnector implements Callable<Integer> {
    /** How a worker says that there is nothing it could validate: Kafka Connect does so with HTTP 500. */
    private static final List<String> NOTHING_TO_VALIDATE =
            List.of("Failed to find any class that implements Connector", "contains no connector type");

    @Mixin
    private ConnectOptions connect;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "FILE", description = "The connector file, JSON or properties; - reads standard input.")
    private String file;

    @Override
    public Integer call() {
        ConnectorFile connector = ConnectorFile.read(file);
        String connectorClass = connector.config().get("connector.class").asText();
        JsonNode answer = validated(connectorClass, connector.config());
        int errors = answer.path("error_count").asInt();
        if (!output.printedJson(answer)) {
            print(answer, errors);
        }
        return errors == 0 ? ExitCode.OK : ExitCode.INVALID;
    }

    private JsonNode validated(String connectorClass, JsonNode config) {
        try {
            return connect.client()
                    .put(
                            "validate " + file,
                            ConnectClient.path("connector-plugins", connectorClass, "config", "validate"),
                            config);
        } catch (Problem refused) {
            if (NOTHING_TO_VALIDATE.stream().noneMatch(refused.why()::contains)) {
                throw refused;
            }
            throw new Problem(
                    ExitCode.INVALID,
                    refused.what(),
                    refused.why(),
                    "'levada plugins list' shows the connectors that the worker has.",
                    refused);
        }
    }

    private void print(JsonNode answer, int errors) {
        if (errors == 0) {
            output.say(file + " is valid.");
            return;
        }
        Table table = new Table("KEY", "VALUE", "ERROR");
        Map<String, Row> rows = new LinkedHashMap<>();
        for (JsonNode entry : answer.path("configs")) {
            JsonNode value = entry.path("value");
            List<String> texts = new ArrayList<>();
            value.path("errors").forEach(error -> texts.add(error.asText()));
            for (String error : ConfigErrors.told(texts)) {
                Row row =
                        new Row(value.path("name").asText(), value.path("value").asText("-"));
                rows.merge(error, row, Row::and);
            }
        }
        rows.forEach((error, row) -> table.row(row.key, row.value, error));
        table.print(output.out());
    }

    /** Where an error belongs; one that belongs to two keys, such as topics and topics.regex, is told once. */
    private record Row(String key, String value) {
        Row and(Row other) {
            return new Row(key + ", " + other.key, value.equals(other.value) ? value : value + ", " + other.value);
        }
    }
}
