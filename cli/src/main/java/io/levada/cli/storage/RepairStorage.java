/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.broker.log.storage.PartitionReport;
import io.levada.broker.log.storage.Storage;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Takes out what is damaged, with the least loss; without {@code --apply} it only says what it would do. */
@Command(
        name = "repair",
        header = {
            "Takes damaged bytes out of log files and keeps them beside.",
            "Whole batches stay at their offsets. A folder that is missing is made anew,",
            "without records, and partition.metadata too. Without --apply it says what it",
            "would do, no more. The broker must be stopped.",
            "",
            "  levada storage repair levada-data",
            "  levada storage repair levada-data --topic orders --partition 0 --apply",
            ""
        })
final class RepairStorage implements Callable<Integer> {
    @Mixin
    private StorageOptions storage;

    @Mixin
    private OutputOptions output;

    @Option(names = "--apply", description = "Do it.")
    private boolean apply;

    @Override
    public Integer call() {
        try (Storage files = apply ? storage.openAlone() : storage.open()) {
            if (files.isLive()) {
                throw storage.inUse(null);
            }
            List<PartitionReport> damaged = storage.verify(files).stream()
                    .filter(PartitionReport::isDamaged)
                    .toList();
            tell(files, damaged);
            if (!apply || damaged.isEmpty()) {
                return damaged.isEmpty() || damaged.stream().anyMatch(PartitionReport::isRepairable)
                        ? ExitCode.OK
                        : ExitCode.FAILURE;
            }
            files.repair(damaged);
            List<PartitionReport> left =
                    damaged.stream().filter(PartitionReport::isUnusable).toList();
            if (!output.isJson()) {
                output.say(
                        left.isEmpty()
                                ? "Done. The next start serves what is there."
                                : left.size() + " partitions stay offline: restore their files from a backup, or"
                                        + " delete the topics. What can be repaired is.");
            }
            return left.isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
        } catch (IOException | UncheckedIOException e) {
            throw storage.unreadable(e);
        }
    }

    private void tell(Storage files, List<PartitionReport> damaged) {
        if (output.printedJson(json(files, damaged))) {
            return;
        }
        for (PartitionReport report : damaged) {
            files.plan(report).forEach(step -> output.out().println(report.partition() + ": " + step));
        }
        output.out().flush();
        if (damaged.isEmpty()) {
            output.say("Nothing is damaged.");
        } else if (damaged.stream().noneMatch(PartitionReport::isRepairable)) {
            output.say("None of it can be repaired: let this user read the files, restore them from a backup, or delete"
                    + " the topics.");
        } else if (!apply) {
            output.say("Nothing was changed; --apply does it. A copy of the directory beforehand is a good idea.");
        }
    }

    private ObjectNode json(Storage files, List<PartitionReport> damaged) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("applied", apply);
        ArrayNode partitions = json.putArray("partitions");
        for (PartitionReport report : damaged) {
            ArrayNode steps = partitions
                    .addObject()
                    .put("topic", report.partition().topic())
                    .put("partition", report.partition().partition())
                    .putArray("steps");
            files.plan(report).forEach(steps::add);
        }
        return json;
    }
}
