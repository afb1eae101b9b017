/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;

/** The verbs on tasks. */
@Command(
        name = "tasks",
        header = {"Lists and restarts tasks.", "", "  levada tasks list orders", "  levada tasks restart orders 0", ""},
        subcommands = {ListTasks.class, RestartTask.class, HelpCommand.class})
public final class TasksCommand {}
