/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.MemberToRemove;
import org.apache.kafka.clients.admin.RemoveMembersFromConsumerGroupOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who else the brokers know in a group, for people to read. */
final class OtherMembers {
    private static final Logger LOGGER = LoggerFactory.getLogger(OtherMembers.class);

    private final Admin admin;
    private final String group;

    OtherMembers(Admin admin, String group) {
        this.admin = admin;
        this.group = group;
    }

    /** The members, {@code client id at address} separated by commas; empty if there are none or the brokers do not say. */
    String shown() throws InterruptedException {
        return members().stream()
                .map(member -> member.clientId() + " at " + member.host().replaceFirst("^/", ""))
                .collect(Collectors.joining(", "));
    }

    /** Takes a member out that cannot be alive any more. */
    void remove(String instance) throws InterruptedException {
        if (members().stream().noneMatch(member -> member.groupInstanceId().equals(Optional.of(instance)))) {
            return;
        }
        try {
            admin.removeMembersFromConsumerGroup(
                            group, new RemoveMembersFromConsumerGroupOptions(List.of(new MemberToRemove(instance))))
                    .all()
                    .get();
        } catch (ExecutionException e) {
            LOGGER.atDebug()
                    .addKeyValue("group", group)
                    .addKeyValue("error", String.valueOf(e.getCause()))
                    .log("the member of an earlier life is not taken out of the group");
        }
    }

    /** A group that is not listed is not asked for: Kafka's admin client logs the answer to that as an error. */
    private Collection<MemberDescription> members() throws InterruptedException {
        try {
            if (admin.listGroups().all().get().stream()
                    .noneMatch(listed -> listed.groupId().equals(group))) {
                return List.of();
            }
            return admin.describeClassicGroups(List.of(group)).all().get().values().stream()
                    .flatMap(described -> described.members().stream())
                    .toList();
        } catch (ExecutionException e) {
            LOGGER.atDebug()
                    .addKeyValue("group", group)
                    .addKeyValue("error", String.valueOf(e.getCause()))
                    .log("members of the group are not told"); // Nobody may ask, or the group went in between.
            return List.of();
        }
    }
}
