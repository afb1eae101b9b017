/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;

/** The verbs on topics. */
@Command(
        name = "topics",
        header = {
            "Lists, creates, describes and deletes topics.",
            "",
            "  levada topics list",
            "  levada topics create orders --partitions 3",
            ""
        },
        subcommands = {ListTopics.class, CreateTopic.class, DescribeTopic.class, DeleteTopic.class, HelpCommand.class})
public final class TopicsCommand {}
