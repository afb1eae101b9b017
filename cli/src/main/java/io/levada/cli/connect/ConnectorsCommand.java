/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;

/** The verbs on connectors. */
@Command(
        name = "connectors",
        header = {
            "Lists, creates and steers connectors.",
            "",
            "  levada connectors list",
            "  levada connectors create orders.json",
            "  levada connectors restart orders --failed",
            ""
        },
        subcommands = {
            ListConnectors.class,
            ShowStatus.class,
            CreateConnector.class,
            DeleteConnector.class,
            SetTargetState.Pause.class,
            SetTargetState.Resume.class,
            SetTargetState.Stop.class,
            RestartConnector.class,
            ConfigureConnector.class,
            ValidateConnector.class,
            RereadTables.class,
            HelpCommand.class
        })
public final class ConnectorsCommand {}
