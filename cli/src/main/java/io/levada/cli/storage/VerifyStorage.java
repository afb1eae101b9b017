/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.broker.log.storage.PartitionReport;
import io.levada.broker.log.storage.Storage;
import io.levada.broker.log.storage.StorageProblem;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Reads every batch and tells what is wrong; exit code 1 when records are damaged or missing. */
@Command(
        name = "verify",
        header = {
            "Reads every batch of a data directory and tells what is wrong.",
            "Exit code 1 if records are damaged or missing. Changes nothing; a broker may run.",
            "",
            "  levada storage verify levada-data",
            "  levada storage verify levada-data --topic orders --output json",
            ""
        })
final class VerifyStorage implements Callable<Integer> {
    @Mixin
    private StorageOptions storage;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        try {
            Storage files = storage.open();
            List<PartitionReport> reports = storage.verify(files);
            if (!output.printedJson(json(files, reports))) {
                print(files, reports);
            }
            return reports.stream().anyMatch(PartitionReport::isDamaged) ? ExitCode.FAILURE : ExitCode.OK;
        } catch (IOException | UncheckedIOException e) {
            throw storage.unreadable(e);
        }
    }

    private void print(Storage files, List<PartitionReport> reports) {
        PrintWriter out = output.out();
        for (PartitionReport report : reports) {
            report.problems().forEach(problem -> out.println(line(problem)));
        }
        long damaged = reports.stream().filter(PartitionReport::isDamaged).count();
        out.println(reports.size() + " partitions, "
                + reports.stream().mapToLong(PartitionReport::segments).sum()
                + " segments, "
                + reports.stream().mapToLong(PartitionReport::batches).sum() + " batches, "
                + reports.stream().mapToLong(PartitionReport::bytes).sum() + " bytes: "
                + (damaged == 0 ? "no damage" : damaged + " damaged"));
        out.flush();
        if (files.isLive()) {
            output.say("A broker uses the directory; what it was just writing was not looked at.");
        }
        if (damaged > 0) {
            output.say("'levada storage repair " + storage.directory() + "' says what a repair would do.");
        }
    }

    private static String line(StorageProblem problem) {
        String place = problem.offset() < 0 ? "" : ", position " + problem.position() + ", offset " + problem.offset();
        String bytes = problem.bytes() > 0 ? " (" + problem.bytes() + " bytes)" : "";
        String remedy = problem.kind() == StorageProblem.Kind.REBUILT ? "; the next start makes it anew" : "";
        return problem.partition() + ": " + problem.file() + place + ": " + problem.what() + bytes + remedy;
    }

    private static ObjectNode json(Storage files, List<PartitionReport> reports) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("live", files.isLive());
        ArrayNode partitions = json.putArray("partitions");
        for (PartitionReport report : reports) {
            ObjectNode node = partitions
                    .addObject()
                    .put("topic", report.partition().topic())
                    .put("partition", report.partition().partition())
                    .put("segments", report.segments())
                    .put("batches", report.batches())
                    .put("bytes", report.bytes())
                    .put("endOffset", report.endOffset())
                    .put("damaged", report.isDamaged());
            ArrayNode problems = node.putArray("problems");
            report.problems().forEach(problem -> StorageOptions.json(problems, problem));
        }
        return json;
    }
}
