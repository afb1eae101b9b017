/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The connector files that a worker was given, as far as they can be read.
 *
 * @param connectors in the order in which they are applied: sources before sinks, so that a topic is made as its source
 *     wants it, whatever the order of the files
 * @param problems of those that cannot be used
 */
record ConnectorFiles(List<ConnectorFile> connectors, List<Problem> problems) {
    ConnectorFiles {
        connectors = List.copyOf(connectors);
        problems = List.copyOf(problems);
    }

    static ConnectorFiles read(List<String> files) {
        List<ConnectorFile> connectors = new ArrayList<>();
        List<Problem> problems = new ArrayList<>();
        Map<String, String> fileOf = new HashMap<>();
        for (String file : files) {
            try {
                ConnectorFile connector = ConnectorFile.read(file);
                String other = fileOf.putIfAbsent(connector.name(), file);
                if (other != null) {
                    throw new Problem(
                            ExitCode.FAILURE,
                            "cannot use connector file " + file,
                            "its connector is named '" + connector.name() + "', as that of " + other + " is",
                            "Give one of the two another name.");
                }
                connectors.add(connector);
            } catch (Problem unusable) {
                problems.add(unusable);
            }
        }
        connectors.sort(Comparator.comparing(ConnectorFiles::isSink));
        return new ConnectorFiles(connectors, problems);
    }

    /** Only sinks say which topics they read. */
    private static boolean isSink(ConnectorFile connector) {
        return connector.config().has("topics") || connector.config().has("topics.regex");
    }
}
