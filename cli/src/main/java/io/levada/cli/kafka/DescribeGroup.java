/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.cli.terminal.OutputOptions;
import io.levada.cli.terminal.Table;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Who is in a group, how far it has read each partition, and how far there is to read. */
@Command(
        name = "describe",
        header = {"Shows a group's state, members, offsets and lag.", "", "  levada groups describe connect-orders", ""
        })
final class DescribeGroup implements Runnable {
    private static final String UNKNOWN = "-";

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "GROUP", description = "The group, of whatever type.")
    private String name;

    @Override
    public void run() {
        Group group = kafka.withAdmin("describe group '" + name + "'", admin -> new GroupReader(admin, name).read());
        if (output.printedJson(json(group))) {
            return;
        }
        Table facts = new Table("GROUP", "TYPE", "PROTOCOL", "STATE", "MEMBERS", "COORDINATOR");
        facts.row(
                group.name(),
                group.type(),
                group.protocol(),
                group.state(),
                Integer.toString(group.members().size()),
                group.coordinator());
        facts.print(output.out());
        printMembers(group);
        printProgress(group);
        if (group.progress().isEmpty()) {
            output.say(
                    group.members().isEmpty()
                            ? "Nobody is in it, and it has committed no offsets."
                            : "Its members read no partitions, and it has committed no offsets.");
        }
    }

    private void printMembers(Group group) {
        if (group.members().isEmpty()) {
            return;
        }
        Table table = new Table("MEMBER", "CLIENT", "HOST", "PARTITIONS");
        group.members()
                .forEach(member -> table.row(
                        member.id(),
                        member.clientId(),
                        member.host(),
                        member.assigned().isEmpty()
                                ? UNKNOWN
                                : member.assigned().stream()
                                        .map(Object::toString)
                                        .sorted()
                                        .collect(Collectors.joining(","))));
        output.out().println();
        table.print(output.out());
    }

    private void printProgress(Group group) {
        if (group.progress().isEmpty()) {
            return;
        }
        Table table = new Table("TOPIC", "PARTITION", "OFFSET", "END", "LAG");
        group.progress()
                .forEach(row -> table.row(
                        row.partition().topic(),
                        Integer.toString(row.partition().partition()),
                        text(row.offset()),
                        text(row.end()),
                        text(row.lag())));
        output.out().println();
        table.print(output.out());
    }

    private static String text(OptionalLong number) {
        return number.isPresent() ? Long.toString(number.getAsLong()) : UNKNOWN;
    }

    private static ObjectNode json(Group group) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("group", group.name())
                .put("type", group.type())
                .put("protocol", group.protocol())
                .put("state", group.state())
                .put("coordinator", group.coordinator());
        ArrayNode members = json.putArray("members");
        for (Group.Member member : group.members()) {
            ArrayNode assigned = members.addObject()
                    .put("member", member.id())
                    .put("client", member.clientId())
                    .put("host", member.host())
                    .putArray("partitions");
            member.assigned()
                    .forEach(partition -> assigned.addObject()
                            .put("topic", partition.topic())
                            .put("partition", partition.partition()));
        }
        ArrayNode partitions = json.putArray("partitions");
        for (Group.Progress row : group.progress()) {
            ObjectNode partition = partitions
                    .addObject()
                    .put("topic", row.partition().topic())
                    .put("partition", row.partition().partition());
            put(partition, "offset", row.offset());
            put(partition, "end", row.end());
            put(partition, "lag", row.lag());
            partition.put("member", row.member().isEmpty() ? null : row.member());
        }
        return json;
    }

    private static void put(ObjectNode json, String field, OptionalLong number) {
        if (number.isPresent()) {
            json.put(field, number.getAsLong());
        } else {
            json.putNull(field);
        }
    }
}
