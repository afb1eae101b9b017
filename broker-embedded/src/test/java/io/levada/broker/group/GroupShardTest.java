/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static io.levada.broker.group.GroupWorld.GROUP;
import static io.levada.broker.group.GroupWorld.RETENTION;
import static io.levada.broker.group.GroupWorld.SESSION_MS;
import static io.levada.broker.group.GroupWorld.errorOf;
import static io.levada.broker.group.GroupWorld.now;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.coordinator.Decision;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.message.JoinGroupResponseData;
import org.apache.kafka.common.message.SyncGroupResponseData;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.Test;

/** What of a group changes when, and what a restart finds: with a disk that refuses, is late, or lost what it was not told to keep. */
class GroupShardTest {
    private static final TopicPartition ORDERS = new TopicPartition("orders", 0);
    private static final TopicPartition INVOICES = new TopicPartition("invoices", 0);
    private final GroupWorld world = new GroupWorld();

    @Test
    void membersHaveTheirAssignmentWhenItIsDurableAndNotBefore() {
        JoinGroupResponseData leader = now(world.joinAnew());
        world.topic.hold(true);
        CompletableFuture<SyncGroupResponseData> synced =
                world.sync(leader.memberId(), 1, Map.of(leader.memberId(), "all"));
        assertThat(synced).isNotDone();
        assertThat(world.restarted().facts()).isEmpty();
        world.topic.hold(false);
        world.thread.run();
        assertThat(now(synced).assignment()).isEqualTo("all".getBytes(UTF_8));
        assertThat(world.restarted().facts()).isEqualTo(world.facts()).containsKey(GROUP);
    }

    @Test
    void anAssignmentThatCannotBeWrittenSendsTheMembersIntoANewRebalance() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        CompletableFuture<JoinGroupResponseData> joining = world.joinAnew();
        JoinGroupResponseData again = now(world.join(leader.memberId()));
        JoinGroupResponseData follower = now(joining);
        Map<String, String> before = world.facts();

        world.topic.refuse(true);
        CompletableFuture<SyncGroupResponseData> waiting =
                world.sync(follower.memberId(), again.generationId(), Map.of());
        CompletableFuture<SyncGroupResponseData> failed = world.sync(
                leader.memberId(), again.generationId(), Map.of(leader.memberId(), "a", follower.memberId(), "b"));
        assertThat(errorOf(failed)).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(Errors.forCode(now(waiting).errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(world.facts()).isEqualTo(before);
        assertThat(world.group().state()).isEqualTo(GroupState.PREPARING_REBALANCE);
        assertThat(now(world.heartbeat(follower.memberId(), again.generationId())))
                .isEqualTo(Errors.REBALANCE_IN_PROGRESS);

        world.topic.refuse(false);
        CompletableFuture<JoinGroupResponseData> first = world.join(follower.memberId());
        JoinGroupResponseData third = now(world.join(leader.memberId()));
        now(first);
        stable(third);
        assertThat(world.restarted().facts()).isEqualTo(world.facts());
    }

    @Test
    void whoWaitsForAnAssignmentThatIsNotYetDurableLearnsOfANewRebalance() {
        JoinGroupResponseData leader = now(world.joinAnew());
        JoinGroupResponseData other = now(world.join(""));
        world.topic.hold(true);
        CompletableFuture<SyncGroupResponseData> synced =
                world.sync(leader.memberId(), 1, Map.of(leader.memberId(), "all"));
        CompletableFuture<JoinGroupResponseData> joining = world.join(other.memberId());
        assertThat(synced).isNotDone();
        world.topic.hold(false);
        world.thread.run();
        assertThat(Errors.forCode(now(synced).errorCode())).isEqualTo(Errors.REBALANCE_IN_PROGRESS);
        assertThat(joining).isNotDone();
    }

    @Test
    void thatAGroupIsEmptyIsWrittenLaterIfTheDiskRefuses() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        world.topic.refuse(true);
        assertThat(errorOf(world.leave(leader.memberId()))).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(Objects.requireNonNull(world.group().stored()).members()).hasSize(1);
        world.topic.refuse(false);
        world.thread.advance(20_000);
        assertThat(Objects.requireNonNull(world.group().stored()).members()).isEmpty();
        assertThat(world.restarted().facts()).isEqualTo(world.facts());
    }

    @Test
    void aStaticMemberKeepsItsOldIdIfTheLogDoesNotTakeTheNewOne() {
        JoinGroupResponseData leader = now(world.join("", "one", 5));
        stable(leader);
        Map<String, String> before = world.facts();
        world.topic.refuse(true);
        assertThat(errorOf(world.join("", "one", 5))).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(world.facts()).isEqualTo(before);
        assertThat(world.group().has(leader.memberId())).isTrue();
        world.topic.refuse(false);
        JoinGroupResponseData back = now(world.join("", "one", 5));
        assertThat(back.generationId()).isEqualTo(leader.generationId());
        assertThat(world.group().has(back.memberId())).isTrue();
        assertThat(world.group().has(leader.memberId())).isFalse();
        assertThat(world.restarted().facts()).isEqualTo(world.facts()).isNotEqualTo(before);
    }

    @Test
    void membersThatARestartFindsHaveASessionEach() {
        stable(now(world.joinAnew()));
        GroupWorld restarted = world.restarted();
        assertThat(restarted.group().state()).isEqualTo(GroupState.STABLE);
        String member = restarted.group().members().iterator().next().id();
        restarted.thread.advance(SESSION_MS / 2);
        assertThat(now(restarted.heartbeat(member, 1))).isEqualTo(Errors.NONE);
        restarted.thread.advance(SESSION_MS * 2);
        // A rebalance begins without it, and nobody is there to join.
        restarted.thread.advance(GroupWorld.REBALANCE_MS);
        assertThat(restarted.group().state()).isEqualTo(GroupState.EMPTY);
        assertThat(restarted.restarted().facts()).isEqualTo(restarted.facts());
    }

    @Test
    void anIdThatWasGivenOutAndNeverUsedDisturbsNobody() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        now(world.join(""));
        for (int i = 0; i < 10; i++) {
            world.thread.advance(SESSION_MS / 2);
            assertThat(now(world.heartbeat(leader.memberId(), leader.generationId())))
                    .isEqualTo(Errors.NONE);
        }
        JoinGroupResponseData another = now(world.join(""));
        assertThat(now(world.leave(another.memberId()))).allMatch(answer -> answer.errorCode() == Errors.NONE.code());
        assertThat(now(world.heartbeat(leader.memberId(), leader.generationId())))
                .isEqualTo(Errors.NONE);
        assertThat(world.group().state()).isEqualTo(GroupState.STABLE);
    }

    @Test
    void aRebalanceWaitsNoLongerForAnIdThatIsGivenBack() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        JoinGroupResponseData announced = now(world.join(""));
        CompletableFuture<JoinGroupResponseData> joining = world.join(leader.memberId());
        assertThat(joining).isNotDone();
        now(world.leave(announced.memberId()));
        assertThat(now(joining).generationId()).isEqualTo(leader.generationId() + 1);
    }

    @Test
    void whoWaitsIsSentAwayWhenTheLogIsGone() {
        now(world.joinAnew());
        CompletableFuture<JoinGroupResponseData> waiting = world.joinAnew();
        assertThat(waiting).isNotDone();
        world.forget();
        assertThat(Errors.forCode(now(waiting).errorCode())).isEqualTo(Errors.NOT_COORDINATOR);
        assertThat(world.facts()).isEmpty();
    }

    @Test
    void offsetsOfATransactionCountFromItsCommitOn() {
        now(world.commit("g", ORDERS, 1));
        now(world.commitInTransaction(7, "g", ORDERS, 5));
        now(world.commitInTransaction(8, "g", INVOICES, 6));
        assertThat(committed("g")).containsOnlyKeys(ORDERS).containsValue(1L);
        assertThat(world.shard.offsets().committed().isPending("g", ORDERS)).isTrue();
        now(world.end(7, "g", TransactionResult.COMMIT));
        now(world.end(8, "g", TransactionResult.ABORT));
        assertThat(committed("g")).containsOnlyKeys(ORDERS).containsValue(5L);
        assertThat(world.shard.offsets().committed().pending("g")).isEmpty();
        assertThat(world.restarted().facts()).isEqualTo(world.facts());
    }

    @Test
    void aPlainCommitAfterATransactionalOneWinsWhenThatCommits() {
        now(world.commitInTransaction(7, "g", ORDERS, 5));
        now(world.commit("g", ORDERS, 9));
        now(world.end(7, "g", TransactionResult.COMMIT));
        assertThat(committed("g")).containsEntry(ORDERS, 9L);
        assertThat(world.restarted().facts()).isEqualTo(world.facts());
    }

    @Test
    void aTransactionThatSurvivedARestartCanStillCommit() {
        now(world.commitInTransaction(7, "g", ORDERS, 5));
        GroupWorld restarted = world.restarted();
        assertThat(restarted.shard.offsets().committed().isPending("g", ORDERS)).isTrue();
        now(restarted.end(7, "g", TransactionResult.COMMIT));
        assertThat(restarted.shard.offsets().committed().find("g", ORDERS)).isPresent();
    }

    @Test
    void deletingAGroupTakesWhatItsTransactionsWouldHaveSet() {
        now(world.commitInTransaction(7, "g", ORDERS, 5));
        now(world.deleteGroup("g"));
        now(world.end(7, "g", TransactionResult.COMMIT));
        assertThat(committed("g")).isEmpty();
        assertThat(world.restarted().facts()).isEqualTo(world.facts()).isEmpty();
    }

    @Test
    void anOffsetWithATransactionPendingDoesNotExpire() {
        now(world.commit("g", ORDERS, 1));
        now(world.commitInTransaction(7, "g", ORDERS, 5));
        world.thread.advance(RETENTION.toMillis() + 1);
        world.expire();
        assertThat(committed("g")).containsEntry(ORDERS, 1L);
        now(world.end(7, "g", TransactionResult.ABORT));
        world.expire();
        assertThat(world.shard.groups().find("g")).isEmpty();
    }

    @Test
    void offsetsOfAClientWithoutAGroupExpireWithTheirCommit() {
        now(world.commit("g", ORDERS, 1));
        world.thread.advance(RETENTION.toMillis() - 1);
        now(world.commit("g", INVOICES, 1));
        world.thread.advance(1);
        world.expire();
        assertThat(committed("g")).containsOnlyKeys(INVOICES);
        assertThat(world.restarted().facts()).isEqualTo(world.facts());
    }

    @Test
    void offsetsOfAGroupExpireAfterItsLastMemberLeftHoweverOldTheyAre() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        now(world.commit(member(leader), ORDERS, 1));
        world.thread.advance(SESSION_MS - 1);
        now(world.leave(leader.memberId()));
        world.thread.advance(RETENTION.toMillis() - 1);
        world.expire();
        assertThat(committed(GROUP)).containsOnlyKeys(ORDERS);
        world.thread.advance(1);
        world.expire();
        assertThat(world.facts()).isEmpty();
        assertThat(world.restarted().facts()).isEmpty();
    }

    @Test
    void offsetsOfATopicThatTheMembersNoLongerSubscribeToExpire() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        now(world.commit(member(leader), ORDERS, 1));
        now(world.commit(member(leader), INVOICES, 1));
        for (long ms = 0; ms <= RETENTION.toMillis(); ms += SESSION_MS / 2) {
            world.thread.advance(SESSION_MS / 2);
            now(world.heartbeat(leader.memberId(), leader.generationId()));
        }
        world.expire();
        assertThat(committed(GROUP)).containsOnlyKeys(ORDERS);
    }

    @Test
    void anExpiryThatAnOldClientAskedForIsKept() {
        CommittedOffset offset = new CommittedOffset(1, -1, "", world.thread.millis(), world.thread.millis() + 100);
        Offsets.Committer committer = new Offsets.Committer("g", "", null, -1, null, (short) 2);
        now(world.write("g", shard -> shard.offsets().commit(committer, Map.of(ORDERS, offset))));
        GroupWorld restarted = world.restarted();
        restarted.thread.advance(99);
        restarted.expire();
        assertThat(restarted.facts()).isNotEmpty();
        restarted.thread.advance(1);
        restarted.expire();
        assertThat(restarted.facts()).isEmpty();
    }

    @Test
    void membersCommitInTheirGenerationAndStrangersNotAtAll() {
        JoinGroupResponseData leader = now(world.joinAnew());
        stable(leader);
        String id = leader.memberId();
        var transaction = new Decision.Producer(7, (short) 0);
        assertThat(errorOf(world.commit(new Offsets.Committer(GROUP, "", null, -1, null, (short) 9), ORDERS, 1)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(world.commit(new Offsets.Committer(GROUP, "", null, -1, transaction, (short) 3), ORDERS, 1)))
                .isEqualTo(Errors.NONE);
        assertThat(errorOf(world.commit(new Offsets.Committer(GROUP, id, null, 9, transaction, (short) 3), ORDERS, 1)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(errorOf(world.commit(
                        new Offsets.Committer(GROUP, "other", null, 1, transaction, (short) 3), ORDERS, 1)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(
                        world.commit(new Offsets.Committer(GROUP, id, "name", 1, transaction, (short) 3), ORDERS, 1)))
                .isEqualTo(Errors.UNKNOWN_MEMBER_ID);
        assertThat(errorOf(world.commit(new Offsets.Committer("none", id, null, 1, transaction, (short) 3), ORDERS, 1)))
                .isEqualTo(Errors.ILLEGAL_GENERATION);
        assertThat(errorOf(world.commit(new Offsets.Committer("none", id, null, 1, null, (short) 9), ORDERS, 1)))
                .isEqualTo(Errors.GROUP_ID_NOT_FOUND);
    }

    private void stable(JoinGroupResponseData leader) {
        var synced = now(world.sync(leader.memberId(), leader.generationId(), Map.of(leader.memberId(), "all")));
        assertThat(Errors.forCode(synced.errorCode())).isEqualTo(Errors.NONE);
    }

    private static Offsets.Committer member(JoinGroupResponseData member) {
        return new Offsets.Committer(GROUP, member.memberId(), null, member.generationId(), null, (short) 9);
    }

    private Map<TopicPartition, Long> committed(String group) {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        world.shard
                .offsets()
                .committed()
                .of(group)
                .forEach((partition, offset) -> offsets.put(partition, offset.offset()));
        return offsets;
    }
}
