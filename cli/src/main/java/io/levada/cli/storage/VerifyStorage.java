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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.ToLongFunction;
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
            Map<Path, String> damagedFiles = storage.damagedFiles(files);
            if (!output.printedJson(json(files, reports, damagedFiles))) {
                print(files, reports, damagedFiles);
            }
            return damagedFiles.isEmpty() && reports.stream().noneMatch(PartitionReport::isDamaged)
                    ? ExitCode.OK
                    : ExitCode.FAILURE;
        } catch (IOException | UncheckedIOException e) {
            throw storage.unreadable(e);
        }
    }

    private void print(Storage files, List<PartitionReport> reports, Map<Path, String> damagedFiles) {
        PrintWriter out = output.out();
        damagedFiles.forEach((file, reason) -> out.println(file + ": " + reason));
        for (PartitionReport report : reports) {
            report.problems().forEach(problem -> out.println(line(problem)));
        }
        long damaged = reports.stream().filter(PartitionReport::isDamaged).count();
        out.println(counted(reports.size(), "partition") + ", "
                + counted(sum(reports, PartitionReport::segments), "segment") + ", "
                + counted(sum(reports, PartitionReport::batches), "batch") + ", "
                + counted(sum(reports, PartitionReport::bytes), "byte") + ": "
                + (damaged == 0 ? "no damage" : damaged + " damaged"));
        out.flush();
        if (files.isLive()) {
            output.say("A broker uses the directory; what it was just writing was not looked at.");
        }
        if (!damagedFiles.isEmpty()) {
            output.say("A start refuses the directory, or makes such a topic anew without its settings: restore "
                    + (damagedFiles.size() == 1 ? "the file" : "the files") + " from a backup.");
        }
        if (reports.stream().anyMatch(PartitionReport::isRepairable)) {
            output.say("'levada storage repair " + storage.directory() + "' says what a repair would do.");
        }
    }

    private static long sum(List<PartitionReport> reports, ToLongFunction<PartitionReport> of) {
        return reports.stream().mapToLong(of).sum();
    }

    private static String counted(long number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("h") ? "es" : "s");
    }

    private static String line(StorageProblem problem) {
        String place = problem.offset() < 0 ? "" : ", position " + problem.position() + ", offset " + problem.offset();
        String bytes = problem.bytes() > 0 ? " (" + problem.bytes() + " bytes)" : "";
        String remedy = problem.kind() == StorageProblem.Kind.REBUILT ? "; the next start makes it anew" : "";
        return problem.partition() + ": " + problem.file() + place + ": " + problem.what() + bytes + remedy;
    }

    private static ObjectNode json(Storage files, List<PartitionReport> reports, Map<Path, String> damagedFiles) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("live", files.isLive());
        ArrayNode own = json.putArray("files");
        damagedFiles.forEach(
                (file, reason) -> own.addObject().put("file", file.toString()).put("error", reason));
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
