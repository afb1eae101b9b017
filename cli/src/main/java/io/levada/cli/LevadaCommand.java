/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli;

import io.levada.cli.connect.ConnectorsCommand;
import io.levada.cli.connect.PluginsCommand;
import io.levada.cli.connect.TasksCommand;
import io.levada.cli.demo.DemoCommand;
import io.levada.cli.kafka.ConsumeCommand;
import io.levada.cli.kafka.GroupsCommand;
import io.levada.cli.kafka.ProduceCommand;
import io.levada.cli.kafka.TopicsCommand;
import io.levada.cli.server.BrokerCommand;
import io.levada.cli.server.WorkerCommand;
import io.levada.cli.storage.StorageCommand;
import io.levada.cli.terminal.DebugOption;
import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The root of the command line: what there is. Without a verb it shows its help, as a wrong use. */
@Command(
        name = "levada",
        versionProvider = VersionProvider.class,
        header = {
            "Kafka Connect with the broker inside.",
            "",
            "  levada demo                 PostgreSQL to a topic to files and S3, in one go",
            "  levada worker orders.json   a worker with its own broker and one connector",
            "  levada worker --config worker.properties",
            "  levada connectors list",
            "  levada consume orders --from-beginning",
            ""
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong use, 3 not found, 4 conflict, 5 invalid,",
            "6 unreachable, 7 unauthorised.",
            "Environment: LEVADA_URL, LEVADA_BOOTSTRAP, LEVADA_PROPERTIES (for servers),",
            "LEVADA_OPTS (JVM options), LEVADA_DEBUG, NO_COLOR."
        },
        subcommands = {
            DemoCommand.class,
            WorkerCommand.class,
            BrokerCommand.class,
            ConnectorsCommand.class,
            TasksCommand.class,
            PluginsCommand.class,
            TopicsCommand.class,
            GroupsCommand.class,
            ProduceCommand.class,
            ConsumeCommand.class,
            StorageCommand.class,
            HelpCommand.class,
            CompletionCommand.class,
            WarmUp.class
        })
final class LevadaCommand {
    @Mixin
    DebugOption debug;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    boolean help;

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    boolean version;
}
