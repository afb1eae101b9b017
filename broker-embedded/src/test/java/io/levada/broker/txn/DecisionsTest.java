/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.api.ErrorCodes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.requests.TransactionResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every request comes to in every state, as one table; and what needs more than one change. */
class DecisionsTest {
    private static final TopicPartition P0 = new TopicPartition("orders", 0);
    private static final TopicPartition P1 = new TopicPartition("orders", 1);
    private static final long NOW = 1000;
    private static final int TIMEOUT = 60_000;
    /** The producer of every transaction in the table, where its end has not bumped it. */
    private static final Producer HELD = new Producer(7, (short) 3);

    private static final Producer OLDER = new Producer(7, (short) 2);
    private static final Producer STRANGER = new Producer(8, (short) 3);

    private static Transaction empty() {
        return Transaction.begun(7, TIMEOUT, 1).handedTo(new Producer(7, (short) 3), false, TIMEOUT, 1);
    }

    private static Transaction ongoing(short version) {
        return empty().withPartitions(Set.of(P0), version, 2);
    }

    private static Map<String, Optional<Transaction>> states(short version) {
        Map<String, Optional<Transaction>> states = new LinkedHashMap<>();
        states.put("unknown", Optional.empty());
        states.put("Empty", Optional.of(empty()));
        for (Transaction one : new Transaction[] {
            ongoing(version), ended(version, TransactionResult.COMMIT), ended(version, TransactionResult.ABORT)
        }) {
            states.put(one.state().label(), Optional.of(one));
            if (one.state().isPrepared()) {
                states.put(one.completed(4).state().label(), Optional.of(one.completed(4)));
            }
        }
        return states;
    }

    private static Transaction ended(short version, TransactionResult result) {
        return version == Transaction.VERSION_2
                ? ongoing(version).preparedWithBump(result, -1, 3)
                : ongoing(version).prepared(result, 3);
    }

    /** One line for each state: what becomes of it and what is answered. */
    private static String table(short version, Request request) {
        return states(version).entrySet().stream()
                .map(state -> state.getKey() + ": "
                        + outcome(() -> request.decide(state.getValue().orElse(null))))
                .collect(Collectors.joining("\n", "", "\n"));
    }

    private interface Request {
        Change<?> decide(@Nullable Transaction now);
    }

    private static String outcome(Supplier<Change<?>> decision) {
        try {
            Change<?> change = decision.get();
            Transaction next = change.next();
            String becomes = next == null
                    ? "stays"
                    : next.state().label() + " " + next.producer().id() + "/"
                            + next.producer().epoch()
                            + (next.lastEpoch() < 0 ? "" : " last " + next.lastEpoch())
                            + (next.partitions().isEmpty()
                                    ? ""
                                    : " " + next.partitions().size());
            return becomes + " -> " + told(change.reply());
        } catch (RuntimeException e) {
            return String.valueOf(ErrorCodes.of(e));
        }
    }

    private static String told(Object reply) {
        if (reply instanceof Optional<?> optional) {
            return optional.map(DecisionsTest::told).orElse("ask again");
        }
        return reply instanceof Producer producer ? producer.id() + "/" + producer.epoch() : String.valueOf(reply);
    }

    @Test
    void aStartingProducerGetsTheNextEpochAndEndsWhatIsOpen() {
        Initialization starts = new Initialization(TIMEOUT, Optional.empty());
        assertThat(table(Transaction.VERSION_0, now -> starts.decide(now, () -> 50, NOW)))
                .isEqualTo("""
                        unknown: Empty 50/0 -> 50/0
                        Empty: Empty 7/4 -> 7/4
                        Ongoing: PrepareAbort 7/4 last 3 1 -> ask again
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: Empty 7/4 -> 7/4
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: Empty 7/4 -> 7/4
                        """);
    }

    @Test
    void aProducerThatGoesOnGetsTheNextEpochIfItHoldsTheId() {
        Initialization goesOn = new Initialization(TIMEOUT, Optional.of(HELD));
        assertThat(table(Transaction.VERSION_0, now -> goesOn.decide(now, () -> 50, NOW)))
                .isEqualTo("""
                        unknown: Empty 50/0 -> 50/0
                        Empty: Empty 7/4 last 3 -> 7/4
                        Ongoing: PrepareAbort 7/4 last 3 1 -> ask again
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: Empty 7/4 last 3 -> 7/4
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: Empty 7/4 last 3 -> 7/4
                        """);
    }

    @Test
    void aProducerThatEndedItsTransactionWithABumpMayGoOnWithWhatItHadBefore() {
        Initialization goesOn = new Initialization(TIMEOUT, Optional.of(HELD));
        assertThat(table(Transaction.VERSION_2, now -> goesOn.decide(now, () -> 50, NOW)))
                .contains("CompleteCommit: Empty 7/4 last 3 -> 7/4", "CompleteAbort: Empty 7/4 last 3 -> 7/4");
    }

    @Test
    void anOlderProducerAndAStrangerAreFenced() {
        for (Producer fenced : new Producer[] {OLDER, STRANGER}) {
            Initialization goesOn = new Initialization(TIMEOUT, Optional.of(fenced));
            assertThat(table(Transaction.VERSION_0, now -> goesOn.decide(now, () -> 50, NOW)))
                    .isEqualTo("""
                            unknown: Empty 50/0 -> 50/0
                            Empty: PRODUCER_FENCED
                            Ongoing: PRODUCER_FENCED
                            PrepareCommit: CONCURRENT_TRANSACTIONS
                            CompleteCommit: PRODUCER_FENCED
                            PrepareAbort: CONCURRENT_TRANSACTIONS
                            CompleteAbort: PRODUCER_FENCED
                            """);
        }
    }

    @Test
    void partitionsBeginATransactionOrJoinIt() {
        Addition addition = new Addition(HELD, Set.of(P0, P1), Transaction.VERSION_0);
        assertThat(table(Transaction.VERSION_0, now -> addition.decide(now, NOW)))
                .isEqualTo("""
                        unknown: INVALID_PRODUCER_ID_MAPPING
                        Empty: Ongoing 7/3 2 -> true
                        Ongoing: Ongoing 7/3 2 -> true
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: Ongoing 7/3 2 -> true
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: Ongoing 7/3 2 -> true
                        """);
        assertThat(table(Transaction.VERSION_2, now -> addition.decide(now, NOW)))
                .as("after an end that bumped the epoch")
                .contains("CompleteCommit: PRODUCER_FENCED", "CompleteAbort: PRODUCER_FENCED");
    }

    @Test
    void aPartitionThatIsInTheTransactionIsNotStoredAgain() {
        Addition addition = new Addition(HELD, Set.of(P0), Transaction.VERSION_0);
        assertThat(table(Transaction.VERSION_0, now -> addition.decide(now, NOW)))
                .contains("Ongoing: stays -> true", "Empty: Ongoing 7/3 1 -> true");
    }

    @Test
    void verifyingAddsNothing() {
        Addition both = new Addition(HELD, Set.of(P0, P1), Transaction.VERSION_0);
        assertThat(both.verify(ongoing(Transaction.VERSION_0)))
                .containsOnly(Map.entry(P0, Errors.NONE), Map.entry(P1, Errors.TRANSACTION_ABORTABLE));
        assertThat(both.verify(empty())).containsEntry(P0, Errors.TRANSACTION_ABORTABLE);
    }

    @Test
    void onlyTheHolderAddsPartitions() {
        Transaction now = ongoing(Transaction.VERSION_0);
        assertThat(outcome(() -> new Addition(OLDER, Set.of(P1), (short) 0).decide(now, NOW)))
                .isEqualTo("PRODUCER_FENCED");
        assertThat(outcome(() -> new Addition(STRANGER, Set.of(P1), (short) 0).decide(now, NOW)))
                .isEqualTo("INVALID_PRODUCER_ID_MAPPING");
    }

    @Test
    void endsOfVersion0KeepTheEpochAndMayBeRepeated() {
        Ending commit = new Ending(HELD, TransactionResult.COMMIT, Transaction.VERSION_0);
        assertThat(table(Transaction.VERSION_0, now -> commit.decide(now, () -> 50, NOW)))
                .isEqualTo("""
                        unknown: INVALID_PRODUCER_ID_MAPPING
                        Empty: INVALID_TXN_STATE
                        Ongoing: PrepareCommit 7/3 1 -> 7/3
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: stays -> 7/3
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: INVALID_TXN_STATE
                        """);
        Ending abort = new Ending(HELD, TransactionResult.ABORT, Transaction.VERSION_0);
        assertThat(table(Transaction.VERSION_0, now -> abort.decide(now, () -> 50, NOW)))
                .isEqualTo("""
                        unknown: INVALID_PRODUCER_ID_MAPPING
                        Empty: INVALID_TXN_STATE
                        Ongoing: PrepareAbort 7/3 1 -> 7/3
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: INVALID_TXN_STATE
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: stays -> 7/3
                        """);
    }

    @Test
    void endsOfVersion2BumpTheEpochAndAreKnownAgainByTheOldOne() {
        Ending commit = new Ending(HELD, TransactionResult.COMMIT, Transaction.VERSION_2);
        assertThat(table(Transaction.VERSION_2, now -> commit.decide(now, () -> 50, NOW)))
                .isEqualTo("""
                        unknown: INVALID_PRODUCER_ID_MAPPING
                        Empty: INVALID_TXN_STATE
                        Ongoing: PrepareCommit 7/4 last 3 1 -> 7/4
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: stays -> 7/4
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: INVALID_TXN_STATE
                        """);
        Ending abort = new Ending(HELD, TransactionResult.ABORT, Transaction.VERSION_2);
        assertThat(table(Transaction.VERSION_2, now -> abort.decide(now, () -> 50, NOW)))
                .isEqualTo("""
                        unknown: INVALID_PRODUCER_ID_MAPPING
                        Empty: PrepareAbort 7/4 last 3 -> 7/4
                        Ongoing: PrepareAbort 7/4 last 3 1 -> 7/4
                        PrepareCommit: CONCURRENT_TRANSACTIONS
                        CompleteCommit: INVALID_TXN_STATE
                        PrepareAbort: CONCURRENT_TRANSACTIONS
                        CompleteAbort: stays -> 7/4
                        """);
    }

    @Test
    void withTheNewEpochAnEndOfVersion2IsTheNextOne() {
        Producer after = new Producer(7, (short) 4);
        Ending abort = new Ending(after, TransactionResult.ABORT, Transaction.VERSION_2);
        assertThat(table(Transaction.VERSION_2, now -> abort.decide(now, () -> 50, NOW)))
                .contains(
                        "CompleteCommit: PrepareAbort 7/5 last 4 -> 7/5",
                        "CompleteAbort: PrepareAbort 7/5 last 4 -> 7/5",
                        "PrepareCommit: CONCURRENT_TRANSACTIONS",
                        "Ongoing: PRODUCER_FENCED");
        Ending commit = new Ending(after, TransactionResult.COMMIT, Transaction.VERSION_2);
        assertThat(table(Transaction.VERSION_2, now -> commit.decide(now, () -> 50, NOW)))
                .contains("CompleteCommit: INVALID_TXN_STATE", "CompleteAbort: INVALID_TXN_STATE");
    }

    @Test
    void fencedProducersEndNothing() {
        for (short version : new short[] {Transaction.VERSION_0, Transaction.VERSION_2}) {
            Transaction now = ongoing(version);
            assertThat(outcome(() -> new Ending(OLDER, TransactionResult.COMMIT, version).decide(now, () -> 50, NOW)))
                    .isEqualTo("PRODUCER_FENCED");
            assertThat(outcome(
                            () -> new Ending(STRANGER, TransactionResult.COMMIT, version).decide(now, () -> 50, NOW)))
                    .isEqualTo("INVALID_PRODUCER_ID_MAPPING");
        }
    }

    @Test
    void afterTheLastEpochComesAnotherId() {
        Producer last = new Producer(7, Producer.EPOCH_MAX);
        Transaction now = new Transaction(
                TransactionState.ONGOING, last, (short) -1, 7, -1, TIMEOUT, Set.of(P0), 2, 2, Transaction.VERSION_2);
        Ending commit = new Ending(last, TransactionResult.COMMIT, Transaction.VERSION_2);
        Change<Producer> ended = commit.decide(now, () -> 50, NOW);
        assertThat(ended.reply()).isEqualTo(new Producer(50, (short) 0));
        Transaction prepared = present(ended);
        assertThat(prepared.producer()).as("who the markers shut out").isEqualTo(new Producer(7, Short.MAX_VALUE));
        assertThatThrownBy(() -> commit.decide(prepared, () -> 51, NOW)).hasMessageContaining("being ended already");
        Transaction complete = prepared.completed(5);
        assertThat(complete.producer()).isEqualTo(new Producer(50, (short) 0));
        assertThat(commit.decide(complete, () -> 51, NOW))
                .as("the answer was lost and the request repeated")
                .isEqualTo(Change.unchanged(new Producer(50, (short) 0)));
        Initialization goesOn = new Initialization(TIMEOUT, Optional.of(last));
        assertThat(goesOn.decide(complete, () -> 51, NOW).reply()).contains(new Producer(50, (short) 0));
    }

    @Test
    void aProducerWithoutEpochsLeftStartsAgainWithAnotherId() {
        Transaction now = new Transaction(
                TransactionState.COMPLETE_ABORT,
                new Producer(7, Short.MAX_VALUE),
                (short) -1,
                7,
                -1,
                TIMEOUT,
                Set.of(),
                2,
                2,
                Transaction.VERSION_2);
        assertThat(new Initialization(TIMEOUT, Optional.empty())
                        .decide(now, () -> 50, NOW)
                        .reply())
                .contains(new Producer(50, (short) 0));
    }

    @Test
    void theSameInitializationTwiceGivesTheSameEpoch() {
        Initialization goesOn = new Initialization(TIMEOUT, Optional.of(HELD));
        Transaction once = present(goesOn.decide(empty(), () -> 50, NOW));
        Change<Optional<Producer>> twice = goesOn.decide(once, () -> 50, NOW);
        assertThat(twice.reply()).contains(new Producer(7, (short) 4));
        assertThat(goesOn.decide(twice.next(), () -> 50, NOW).reply()).contains(new Producer(7, (short) 4));
        Transaction another = present(new Initialization(TIMEOUT, Optional.empty()).decide(once, () -> 50, NOW));
        assertThat(outcome(() -> goesOn.decide(another, () -> 50, NOW))).isEqualTo("PRODUCER_FENCED");
    }

    @Test
    void aTransactionTimesOutOnlyWhileItIsOpen() {
        Transaction now = ongoing(Transaction.VERSION_0);
        assertThat(now.isTimedOut(2 + TIMEOUT)).isFalse();
        assertThat(now.isTimedOut(3 + TIMEOUT)).isTrue();
        assertThat(now.fenced(NOW).isTimedOut(Long.MAX_VALUE)).isFalse();
        assertThat(empty().isTimedOut(Long.MAX_VALUE)).isFalse();
        assertThat(now.isExpired(Long.MAX_VALUE, 1)).isFalse();
        assertThat(empty().isExpired(11, 10)).isTrue();
    }

    @Test
    void noStateFollowsThatMayNot() {
        String allowed = Stream.of(TransactionState.values())
                .map(from -> from + " "
                        + Stream.of(TransactionState.values())
                                .filter(from::mayBecome)
                                .toList())
                .collect(Collectors.joining("\n", "", "\n"));
        assertThat(allowed).isEqualTo("""
                        EMPTY [EMPTY, ONGOING, PREPARE_ABORT]
                        ONGOING [ONGOING, PREPARE_COMMIT, PREPARE_ABORT]
                        PREPARE_COMMIT [COMPLETE_COMMIT]
                        PREPARE_ABORT [COMPLETE_ABORT]
                        COMPLETE_COMMIT [EMPTY, ONGOING, PREPARE_ABORT]
                        COMPLETE_ABORT [EMPTY, ONGOING, PREPARE_ABORT]
                        DEAD []
                        PREPARE_EPOCH_FENCE []
                        """);
        assertThatThrownBy(() -> empty().prepared(TransactionResult.COMMIT, NOW))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> ongoing((short) 0).completed(NOW)).isInstanceOf(IllegalStateException.class);
    }

    private static Transaction present(Change<?> change) {
        Transaction next = change.next();
        assertThat(next).isNotNull();
        return next;
    }
}
