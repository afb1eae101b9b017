/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Table;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.clients.admin.GroupListing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** All groups the broker's coordinators know. */
@Command(
        name = "list",
        header = {"Lists groups.", "", "  levada groups list", ""})
final class ListGroups implements Runnable {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Override
    public void run() {
        List<GroupListing> groups = kafka.withAdmin(
                "list groups",
                admin -> admin.listGroups().all().get().stream()
                        .sorted(Comparator.comparing(GroupListing::groupId))
                        .toList());
        if (output.printedJson(json(groups))) {
            return;
        }
        Table table = new Table("GROUP", "STATE", "TYPE", "PROTOCOL");
        groups.forEach(group -> table.row(group.groupId(), state(group), type(group), group.protocol()));
        table.print(output.out());
        if (groups.isEmpty()) {
            output.say("No groups: nobody reads together, and nobody has committed offsets.");
        }
    }

    private static ArrayNode json(List<GroupListing> groups) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode();
        groups.forEach(group -> array.addObject()
                .put("group", group.groupId())
                .put("state", state(group))
                .put("type", type(group))
                .put("protocol", group.protocol()));
        return array;
    }

    private static String type(GroupListing group) {
        return group.type().map(Object::toString).orElse("-");
    }

    private static String state(GroupListing group) {
        return group.groupState().map(Object::toString).orElse("-");
    }
}
