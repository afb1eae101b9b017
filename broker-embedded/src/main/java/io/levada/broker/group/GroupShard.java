/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import io.levada.broker.coordinator.LoggedRecord;
import io.levada.broker.coordinator.Shard;
import java.time.InstantSource;
import java.util.function.Predicate;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/** The state in {@code __consumer_offsets}, and the rules that decide about it: a table of contents. Owned by the coordinator thread. */
final class GroupShard implements Shard, GroupRecords.Replay {
    private final Groups groups = new Groups();
    private final CommittedOffsets committed = new CommittedOffsets();
    private final Rebalance rebalance;
    private final Join join;
    private final Sync sync;
    private final Heartbeat heartbeat;
    private final Leave leave;
    private final Offsets offsets;
    private final OffsetExpiry expiry;
    private final GroupAdmin admin;

    GroupShard(GroupConfig config, InstantSource clock, Timers timers) {
        rebalance = new Rebalance(timers, clock, config.initialDelay().toMillis());
        join = new Join(groups, rebalance, config);
        sync = new Sync(groups, rebalance, clock);
        heartbeat = new Heartbeat(groups, rebalance.sessions());
        leave = new Leave(groups, rebalance);
        offsets = new Offsets(groups, committed, rebalance.sessions(), config, clock);
        expiry = new OffsetExpiry(groups, offsets, config, clock);
        admin = new GroupAdmin(groups, offsets);
    }

    Groups groups() {
        return groups;
    }

    Join join() {
        return join;
    }

    Sync sync() {
        return sync;
    }

    Heartbeat heartbeat() {
        return heartbeat;
    }

    Leave leave() {
        return leave;
    }

    Offsets offsets() {
        return offsets;
    }

    OffsetExpiry expiry() {
        return expiry;
    }

    GroupAdmin admin() {
        return admin;
    }

    @Override
    public void replay(LoggedRecord record) {
        GroupRecords.replay(record, this);
    }

    @Override
    public void group(String group, @Nullable StoredGroup stored) {
        groups.replay(group, stored);
    }

    @Override
    public void offset(LoggedRecord record, String group, TopicPartition partition, @Nullable CommittedOffset offset) {
        if (offset == null) {
            committed.removed(group, partition);
            return;
        }
        groups.findOrCreate(group);
        if (record.isTransactional()) {
            committed.pending(record.partition(), record.producerId(), group, partition, offset, record.offset());
        } else {
            committed.committed(group, partition, offset, record.offset());
        }
    }

    @Override
    public void replayMarker(int partition, long producerId, short producerEpoch, TransactionResult result) {
        committed.ended(partition, producerId, result);
    }

    /** Members of the last generation that the log tells of get a new session each. */
    @Override
    public void loaded() {
        for (Group group : groups.all()) {
            group.restore();
            group.members().forEach(member -> rebalance.sessions().restart(group, member));
        }
    }

    /** Members find the group again when its coordinator is back. */
    @Override
    public void unloaded(Predicate<String> keys) {
        groups.all().stream().filter(group -> keys.test(group.id())).forEach(GroupShard::sendAway);
        groups.forget(keys);
        committed.forget(keys);
    }

    private static void sendAway(Group group) {
        for (Member member : group.members()) {
            member.joined(new JoinGroupResponseData().setErrorCode(Errors.NOT_COORDINATOR.code()));
            member.synced(new SyncGroupResponseData().setErrorCode(Errors.NOT_COORDINATOR.code()));
            member.session(null);
        }
        group.endTimers();
    }
}
