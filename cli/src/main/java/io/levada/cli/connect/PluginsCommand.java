/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;

/** The verbs on plugins. */
@Command(
        name = "plugins",
        header = {"Lists the plugins a worker has.", "", "  levada plugins list --type source", ""},
        subcommands = {ListPlugins.class, HelpCommand.class})
public final class PluginsCommand {}
