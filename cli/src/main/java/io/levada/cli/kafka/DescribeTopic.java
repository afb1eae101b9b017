/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Table;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;
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
        List<Integer> led = description.partitions().stream()
                .filter(partition -> !KafkaProblem.isOffline(partition.leader()))
                .map(TopicPartitionInfo::partition)
                .toList();
        Map<Integer, Long> first = offsets(admin, led, OffsetSpec.earliest());
        Map<Integer, Long> next = offsets(admin, led, OffsetSpec.latest());
        return new Described(
                description.partitions().stream()
                        .map(TopicPartitionInfo::partition)
                        .map(partition -> new Extent(partition, first.get(partition), next.get(partition)))
                        .toList(),
                settings);
    }

    /** Nobody can be asked of a partition without a leader. */
    private Map<Integer, Long> offsets(Admin admin, List<Integer> partitions, OffsetSpec which) throws Exception {
        ListOffsetsResult answer = admin.listOffsets(partitions.stream()
                .collect(Collectors.toMap(partition -> new TopicPartition(name, partition), partition -> which)));
        Map<Integer, Long> offsets = new TreeMap<>();
        for (int partition : partitions) {
            offsets.put(
                    partition,
                    answer.partitionResult(new TopicPartition(name, partition))
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
        for (Extent extent : topic.partitions()) {
            ObjectNode node = partitions.addObject().put("partition", extent.partition());
            node.put("start", extent.first()).put("end", extent.next()).put("offline", extent.isOffline());
        }
        ObjectNode settings = json.putObject("configs");
        topic.settings().forEach(settings::put);
        return json;
    }

    private void print(Described topic) {
        Table table = new Table("PARTITION", "START", "END", "OFFSETS");
        for (Extent extent : topic.partitions()) {
            table.row(
                    Integer.toString(extent.partition()),
                    extent.isOffline() ? "offline" : String.valueOf(extent.first()),
                    extent.isOffline() ? "-" : String.valueOf(extent.next()),
                    extent.offsets());
        }
        PrintWriter out = output.out();
        table.print(out);
        if (!topic.settings().isEmpty()) {
            out.println();
            topic.settings().forEach((key, value) -> out.println(key + "=" + value));
            out.flush();
        }
    }

    private record Described(List<Extent> partitions, Map<String, String> settings) {}

    /**
     * Of a partition.
     *
     * @param first its first offset, null while it is offline
     * @param next the offset it gives next, null likewise
     */
    private record Extent(
            int partition, @Nullable Long first, @Nullable Long next) {
        boolean isOffline() {
            return first == null || next == null;
        }

        /** How many there are between the two; compaction and markers of transactions leave fewer records. */
        String offsets() {
            return first == null || next == null ? "-" : Long.toString(next - first);
        }
    }
}
