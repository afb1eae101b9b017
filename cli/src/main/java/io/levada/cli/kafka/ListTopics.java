/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Table;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.TopicDescription;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All topics with their partitions. */
@Command(
        name = "list",
        header = {"Lists topics.", "", "  levada topics list --internal", ""})
final class ListTopics implements Runnable {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Option(names = "--internal", description = "Kafka's internal topics too.")
    private boolean internal;

    @Override
    public void run() {
        List<TopicDescription> topics = kafka.withAdmin("list topics", admin -> {
            var names = admin.listTopics(new ListTopicsOptions().listInternal(internal))
                    .names()
                    .get();
            return admin.describeTopics(names).allTopicNames().get().values().stream()
                    .sorted(Comparator.comparing(TopicDescription::name))
                    .toList();
        });
        if (!output.printedJson(json(topics))) {
            Table table = new Table("NAME", "PARTITIONS", "REPLICAS");
            topics.forEach(topic -> table.row(
                    topic.name(), Integer.toString(topic.partitions().size()), Integer.toString(replicas(topic))));
            table.print(output.out());
            if (topics.isEmpty()) {
                output.say("No topics" + (internal ? "." : " but internal ones, if any: --internal shows them."));
            }
        }
    }

    private static ArrayNode json(List<TopicDescription> topics) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        topics.forEach(topic -> array.addObject()
                .put("name", topic.name())
                .put("partitions", topic.partitions().size())
                .put("replicas", replicas(topic))
                .put("internal", topic.isInternal()));
        return array;
    }

    private static int replicas(TopicDescription topic) {
        return topic.partitions().isEmpty()
                ? 0
                : topic.partitions().get(0).replicas().size();
    }
}
