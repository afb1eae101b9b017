/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.api.ErrorCodes;
import io.levada.broker.coordinator.Decision;
import io.levada.broker.coordinator.InMemoryTopic;
import io.levada.broker.coordinator.ManualThread;
import io.levada.broker.coordinator.ShardRuntime;
import io.levada.broker.log.producers.TransactionVersion;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.clients.consumer.internals.ConsumerProtocol;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.HeartbeatRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData;
import org.apache.kafka.common.message.JoinGroupRequestData.JoinGroupRequestProtocol;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.LeaveGroupRequestData.MemberIdentity;
import org.apache.kafka.common.message.LeaveGroupResponseData.MemberResponse;
import org.apache.kafka.common.message.SyncGroupRequestData;
import org.apache.kafka.common.message.SyncGroupRequestData.SyncGroupRequestAssignment;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;

/** A group coordinator's shard on a topic in memory, with its thread and clock in the test's hand. */
final class GroupWorld {
    static final String GROUP = "readers";
    static final int SESSION_MS = 10_000;
    static final int REBALANCE_MS = 30_000;
    static final Duration RETENTION = Duration.ofDays(7);
    private static final int PARTITIONS = 2;

    final ManualThread thread;
    final InMemoryTopic topic;
    final GroupShard shard;
    private final ShardRuntime<GroupShard> runtime;

    GroupWorld() {
        this(new InMemoryTopic(PARTITIONS), new ManualThread());
    }

    private GroupWorld(InMemoryTopic topic, ManualThread thread) {
        this.topic = topic;
        this.thread = thread;
        GroupConfig config = new GroupConfig(
                PARTITIONS,
                1_000_000,
                RETENTION,
                Duration.ofMinutes(10),
                4096,
                Duration.ZERO,
                Duration.ofMillis(100),
                Duration.ofMinutes(10),
                1000);
        this.shard = new GroupShard(config, thread, this::after);
        this.runtime = new ShardRuntime<>(topic, shard, thread);
        runtime.start();
        thread.run();
    }

    private Future<?> after(long delayMs, String group, Supplier<Decision<?>> step) {
        return runtime.after(delayMs, group, any -> step.get());
    }

    /** The broker as it is after a power cut, at the same time of day; this one is gone. */
    GroupWorld restarted() {
        ManualThread later = new ManualThread();
        later.advance(thread.millis() - later.millis());
        return new GroupWorld(topic.afterPowerCut(), later);
    }

    /** All that the log describes, in words. */
    Map<String, String> facts() {
        Map<String, String> facts = new TreeMap<>();
        for (Group group : shard.groups().all()) {
            StoredGroup stored = group.stored();
            Map<TopicPartition, CommittedOffset> offsets =
                    shard.offsets().committed().of(group.id());
            if (stored != null) {
                facts.put(group.id(), describe(stored));
            }
            offsets.forEach((partition, offset) -> facts.put(group.id() + "/" + partition, offset.toString()));
            shard.offsets()
                    .committed()
                    .pending(group.id())
                    .forEach(partition -> facts.put(group.id() + "/" + partition + "/pending", "yes"));
        }
        return facts;
    }

    static String describe(StoredGroup stored) {
        List<String> members = new ArrayList<>();
        stored.members()
                .forEach(member -> members.add(member.memberId() + "=" + new String(member.assignment(), UTF_8)));
        return stored.protocolType() + " " + stored.generation() + " " + stored.protocol() + " " + stored.leader() + " "
                + members;
    }

    /** The decision is taken and what is due now is done; the answer may still wait. */
    <R> CompletableFuture<R> write(String group, Function<GroupShard, Decision<R>> decide) {
        CompletableFuture<R> answer = runtime.write(group, decide);
        thread.run();
        return answer;
    }

    CompletableFuture<JoinGroupResponseData> join(String memberId) {
        return join(memberId, null, 5);
    }

    CompletableFuture<JoinGroupResponseData> join(String memberId, @Nullable String instanceId, int version) {
        byte[] subscription = bytes(ConsumerProtocol.serializeSubscription(new Subscription(List.of("orders"))));
        JoinGroupRequestData data = new JoinGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGroupInstanceId(instanceId)
                .setSessionTimeoutMs(SESSION_MS)
                .setRebalanceTimeoutMs(REBALANCE_MS)
                .setProtocolType("consumer");
        data.protocols().add(new JoinGroupRequestProtocol().setName("range").setMetadata(subscription));
        return await(any -> any.join().join(Join.Wish.of(data, (short) version, "client", "/127.0.0.1")));
    }

    /** Joins for the first time: asks for an id and comes back with it. */
    CompletableFuture<JoinGroupResponseData> joinAnew() {
        JoinGroupResponseData first = now(join(""));
        assertThat(Errors.forCode(first.errorCode())).isEqualTo(Errors.MEMBER_ID_REQUIRED);
        return join(first.memberId());
    }

    CompletableFuture<SyncGroupResponseData> sync(String memberId, int generation, Map<String, String> assignments) {
        SyncGroupRequestData data = new SyncGroupRequestData()
                .setGroupId(GROUP)
                .setMemberId(memberId)
                .setGenerationId(generation);
        assignments.forEach((member, assignment) -> data.assignments()
                .add(new SyncGroupRequestAssignment().setMemberId(member).setAssignment(assignment.getBytes(UTF_8))));
        return await(any -> any.sync().sync(data));
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The inner future is what is returned.
    private <R> CompletableFuture<R> await(Function<GroupShard, Decision<CompletableFuture<R>>> decide) {
        return write(GROUP, decide).thenCompose(answer -> answer);
    }

    CompletableFuture<Errors> heartbeat(String memberId, int generation) {
        return write(
                GROUP,
                any -> any.heartbeat()
                        .beat(new HeartbeatRequestData()
                                .setGroupId(GROUP)
                                .setMemberId(memberId)
                                .setGenerationId(generation)));
    }

    CompletableFuture<List<MemberResponse>> leave(String memberId) {
        return write(GROUP, any -> any.leave().leave(GROUP, List.of(new MemberIdentity().setMemberId(memberId))));
    }

    CompletableFuture<Map<TopicPartition, Errors>> commit(String group, TopicPartition partition, long offset) {
        return commit(new Offsets.Committer(group, "", null, -1, null, (short) 9), partition, offset);
    }

    CompletableFuture<Map<TopicPartition, Errors>> commitInTransaction(
            long producerId, String group, TopicPartition partition, long offset) {
        Decision.Producer producer = new Decision.Producer(producerId, (short) 0);
        return commit(new Offsets.Committer(group, "", null, -1, producer, (short) 3), partition, offset);
    }

    CompletableFuture<Map<TopicPartition, Errors>> commit(
            Offsets.Committer committer, TopicPartition partition, long offset) {
        CommittedOffset committed = new CommittedOffset(offset, -1, "", thread.millis());
        return write(committer.group(), any -> any.offsets().commit(committer, Map.of(partition, committed)));
    }

    CompletableFuture<Void> end(long producerId, String group, TransactionResult result) {
        CompletableFuture<Void> done = runtime.endTransaction(
                runtime.partitionFor(group).orElseThrow(),
                producerId,
                (short) 0,
                0,
                result,
                TransactionVersion.BEFORE_2);
        thread.run();
        return done;
    }

    CompletableFuture<Boolean> deleteGroup(String group) {
        return write(group, any -> any.admin().delete(group));
    }

    CompletableFuture<Map<TopicPartition, Errors>> deleteOffsets(String group, TopicPartition partition) {
        return write(group, any -> any.admin().deleteOffsets(group, List.of(partition)));
    }

    /** The log of the groups is gone. */
    void forget() {
        runtime.forget();
        thread.run();
    }

    void expire() {
        var ignored = runtime.writeAll(any -> any.expiry().expire());
        thread.run();
    }

    void removeTopic(String name) {
        var ignored = runtime.writeAll(any -> any.offsets().removeTopics(name::equals));
        thread.run();
    }

    Group group() {
        return shard.groups().existing(GROUP);
    }

    static <T> T now(CompletableFuture<T> answer) {
        assertThat(answer).isDone();
        return answer.join();
    }

    static Errors errorOf(CompletableFuture<?> answer) {
        assertThat(answer).isDone();
        Map<String, Errors> error = new HashMap<>();
        var ignored = answer.whenComplete(
                (value, failure) -> error.put("", failure == null ? Errors.NONE : ErrorCodes.of(failure)));
        return error.getOrDefault("", Errors.NONE);
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }
}
