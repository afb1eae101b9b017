/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** A topic's partitions with their offsets, and the settings that differ from the defaults. */
@Command(
        name = "describe",
        header = {"Shows a topic's partitions, offsets and settings.", "", "  levada topics describe orders", ""})
final class DescribeTopic implements Runnable {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "The topic.")
    private String name;

    @Override
    public void run() {
        Described topic = kafka.withAdmin("describe topic '" + name + "'", List.of(name), this::describe);
        if (!output.printedJson(json(topic))) {
            print(topic);
        }
    }

    private Described describe(Admin admin) throws Exception {
        TopicDescription description =
                only(admin.describeTopics(List.of(name)).allTopicNames().get());
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        Map<String, String> settings = new TreeMap<>();
        for (ConfigEntry entry :
                only(admin.describeConfigs(List.of(resource)).all().get()).entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                settings.put(entry.name(), String.valueOf(entry.value()));
            }
        }
        int partitions = description.partitions().size();
        return new Described(
                offsets(admin, partitions, OffsetSpec.earliest()),
                offsets(admin, partitions, OffsetSpec.latest()),
                settings);
    }

    private List<Long> offsets(Admin admin, int partitions, OffsetSpec which) throws Exception {
        Map<TopicPartition, OffsetSpec> wanted = IntStream.range(0, partitions)
                .boxed()
                .collect(Collectors.toMap(partition -> new TopicPartition(name, partition), partition -> which));
        ListOffsetsResult answer = admin.listOffsets(wanted);
        List<Long> offsets = new ArrayList<>();
        for (int partition = 0; partition < partitions; partition++) {
            offsets.add(answer.partitionResult(new TopicPartition(name, partition))
                    .get()
                    .offset());
        }
        return offsets;
    }

    /** The answer to a question about one thing. */
    private static <V> V only(Map<?, V> answer) {
        return answer.values().iterator().next();
    }

    private ObjectNode json(Described topic) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("name", name);
        ArrayNode partitions = json.putArray("partitions");
        for (int partition = 0; partition < topic.first().size(); partition++) {
            partitions
                    .addObject()
                    .put("partition", partition)
                    .put("start", topic.first().get(partition))
                    .put("end", topic.next().get(partition));
        }
        ObjectNode settings = json.putObject("configs");
        topic.settings().forEach(settings::put);
        return json;
    }

    private void print(Described topic) {
        Table table = new Table("PARTITION", "START", "END", "RECORDS");
        for (int partition = 0; partition < topic.first().size(); partition++) {
            long start = topic.first().get(partition);
            long end = topic.next().get(partition);
            table.row(
                    Integer.toString(partition), Long.toString(start), Long.toString(end), Long.toString(end - start));
        }
        PrintWriter out = output.out();
        table.print(out);
        if (!topic.settings().isEmpty()) {
            out.println();
            topic.settings().forEach((key, value) -> out.println(key + "=" + value));
            out.flush();
        }
    }

    /**
     * @param first the first offset of each partition
     * @param next the offset each partition gives next
     */
    private record Described(List<Long> first, List<Long> next, Map<String, String> settings) {}
}
