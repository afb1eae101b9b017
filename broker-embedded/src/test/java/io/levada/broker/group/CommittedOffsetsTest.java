/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.requests.TransactionResult;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is removed leaves nothing behind, not with the transactions either that were about to set it. */
class CommittedOffsetsTest {
    private static final TopicPartition FIRST = new TopicPartition("orders", 0);
    private static final TopicPartition SECOND = new TopicPartition("orders", 1);
    private static final CommittedOffset OFFSET = new CommittedOffset(7, -1, "", 0);
    private final CommittedOffsets offsets = new CommittedOffsets();

    @BeforeEach
    void twoTransactionsHaveOffsetsAside() {
        offsets.pending(0, 1, "g", FIRST, OFFSET, 10);
        offsets.pending(0, 1, "g", SECOND, OFFSET, 11);
        offsets.pending(0, 1, "h", FIRST, OFFSET, 12);
        offsets.pending(0, 2, "g", FIRST, OFFSET, 13);
        assertThat(offsets.openTransactions()).isEqualTo(2);
    }

    @Test
    void anOffsetThatIsRemovedIsSetByNoTransaction() {
        offsets.removed("g", FIRST);
        assertThat(offsets.openTransactions()).isEqualTo(1);
        offsets.ended(0, 1, TransactionResult.COMMIT);
        offsets.ended(0, 2, TransactionResult.COMMIT);
        assertThat(offsets.of("g")).containsOnlyKeys(SECOND);
        assertThat(offsets.of("h")).containsOnlyKeys(FIRST);
        assertThat(offsets.openTransactions()).isZero();
    }

    @Test
    void aGroupThatIsRemovedLeavesNothing() {
        offsets.removed("g", FIRST);
        offsets.removed("g", SECOND);
        offsets.removed("h", FIRST);
        assertThat(offsets.openTransactions()).isZero();
    }

    @Test
    void whatTheLogNoLongerTellsIsForgotten() {
        offsets.forget(group -> group.equals("g"));
        assertThat(offsets.openTransactions()).isEqualTo(1);
        offsets.forget(group -> true);
        assertThat(offsets.openTransactions()).isZero();
        offsets.ended(0, 1, TransactionResult.COMMIT);
        assertThat(offsets.of("g")).isEmpty();
    }
}
