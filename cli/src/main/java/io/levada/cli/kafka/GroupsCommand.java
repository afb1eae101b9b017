/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;

/** The verbs on consumer groups. */
@Command(
        name = "groups",
        header = {
            "Lists consumer groups and their lag. A sink connector NAME reads as the group connect-NAME.",
            "",
            "  levada groups list",
            "  levada groups describe connect-orders",
            ""
        },
        subcommands = {ListGroups.class, DescribeGroup.class, HelpCommand.class})
public final class GroupsCommand {}
