/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Deletes topics with all their records; asks first where there is somebody to ask. */
@Command(
        name = "delete",
        header = {"Deletes topics with all their records.", "", "  levada topics delete orders --yes", ""})
final class DeleteTopic implements Runnable {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Parameters(arity = "1..*", paramLabel = "NAME", description = "The topics.")
    private List<String> names;

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask. Without a terminal nothing is asked either.")
    private boolean yes;

    @Override
    public void run() {
        String all = String.join(", ", names);
        output.confirm("Delete " + all + " with all records?", yes);
        for (String name : names) {
            kafka.withAdmin(
                    "delete topic '" + name + "'",
                    List.of(name),
                    admin -> admin.deleteTopics(List.of(name)).all().get());
            output.did("delete", "topic", name, "Deleted " + name + ".");
        }
    }
}
