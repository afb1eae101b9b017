/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Problem;
import io.levada.cli.terminal.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** How far a group has read each partition, and how far there is to read. */
@Command(
        name = "describe",
        header = {"Shows a group's offsets and lag.", "", "  levada groups describe connect-orders", ""})
final class DescribeGroup implements Runnable {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "GROUP", description = "The group.")
    private String group;

    @Override
    public void run() {
        List<Progress> progress = kafka.withAdmin("describe group '" + group + "'", this::progress);
        if (output.printedJson(json(progress))) {
            return;
        }
        Table table = new Table("TOPIC", "PARTITION", "OFFSET", "END", "LAG");
        progress.forEach(row -> table.row(
                row.partition().topic(),
                Integer.toString(row.partition().partition()),
                Long.toString(row.offset()),
                Long.toString(row.end()),
                Long.toString(row.lag())));
        table.print(output.out());
    }

    private List<Progress> progress(Admin admin) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                .partitionsToOffsetAndMetadata()
                .get();
        if (committed.isEmpty()) {
            throw new Problem(
                    ExitCode.NOT_FOUND,
                    "cannot describe group '" + group + "'",
                    "it has committed no offsets",
                    "'levada groups list' shows what there is.");
        }
        ListOffsetsResult ends = admin.listOffsets(committed.keySet().stream()
                .collect(Collectors.toMap(partition -> partition, partition -> OffsetSpec.latest())));
        List<Progress> progress = new ArrayList<>();
        for (Map.Entry<TopicPartition, OffsetAndMetadata> entry : committed.entrySet()) {
            TopicPartition partition = entry.getKey();
            long end = ends.partitionResult(partition).get().offset();
            progress.add(new Progress(partition, entry.getValue().offset(), end));
        }
        progress.sort(Comparator.comparing((Progress row) -> row.partition().topic())
                .thenComparing(row -> row.partition().partition()));
        return progress;
    }

    private static ArrayNode json(List<Progress> progress) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        progress.forEach(row -> array.addObject()
                .put("topic", row.partition().topic())
                .put("partition", row.partition().partition())
                .put("offset", row.offset())
                .put("end", row.end())
                .put("lag", row.lag()));
        return array;
    }

    private record Progress(TopicPartition partition, long offset, long end) {
        long lag() {
            return Math.max(0, end - offset);
        }
    }
}
