/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.producers;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.Batches;
import io.levada.broker.log.LogFixture;
import io.levada.broker.log.records.AppendOrigin;
import io.levada.broker.log.segment.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.EndTransactionMarker;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MutableRecordBatch;

/** Each batch of one producer is taken, recognised or refused as the rules say, put down here without the code's shortcuts. */
class ProducerStatesProperties {
    private static final long ME = 7;

    private enum Verdict {
        TAKEN,
        DUPLICATE,
        OLD_EPOCH,
        OUT_OF_ORDER
    }

    /** Where a batch begins, seen from what came before. */
    private enum Start {
        NEXT,
        ZERO,
        ONE_TOO_FAR,
        SENT_BEFORE,
        NEAR_THE_END
    }

    private record Send(int epochStep, Start start, int back, int records, boolean marker) {}

    private record Sent(long sequence, int records, long offset) {}

    @Provide
    Arbitrary<List<Send>> histories() {
        return Combinators.combine(
                        Arbitraries.of(0, 0, 0, 0, 0, 0, 1, -1),
                        Arbitraries.of(Start.class),
                        Arbitraries.integers().between(1, 7),
                        Arbitraries.integers().between(1, 3),
                        Arbitraries.of(true, false, false, false, false, false))
                .as(Send::new)
                .list()
                .ofMinSize(1)
                .ofMaxSize(40);
    }

    @Property(tries = 500)
    void everyBatchIsJudgedByTheRules(@ForAll("histories") List<Send> sends) {
        ProducerStates states = new ProducerStates(LogFixture.ORDERS);
        Rules rules = new Rules();
        long offset = 0;
        for (Send send : sends) {
            int epoch = Math.max(0, Math.max(0, rules.epoch) + send.epochStep);
            long sequence = rules.sequence(send);
            MemoryRecords records =
                    send.marker ? marker(epoch) : Batches.idempotent(ME, epoch, (int) sequence, values(send.records));
            MutableRecordBatch batch = records.batches().iterator().next();
            batch.setLastOffset(offset + batch.lastOffset());
            Verdict expected = send.marker ? rules.judgeMarker(epoch) : rules.judge(epoch, sequence, send.records);
            Verdict verdict = judge(states, batch);
            assertThat(verdict)
                    .as("%s in epoch %d with sequence %d", send, epoch, sequence)
                    .isEqualTo(expected);
            if (verdict == Verdict.DUPLICATE) {
                assertThat(states.duplicateOf(batch).map(SentBatch::baseOffset))
                        .isEqualTo(rules.offsetOf(sequence, send.records));
            } else if (verdict == Verdict.TAKEN) {
                states.written(batch, new LogPosition(batch.baseOffset(), 0, 0), 0);
                rules.take(epoch, sequence, send, batch.baseOffset());
                offset = batch.nextOffset();
            }
        }
    }

    private static MemoryRecords marker(int epoch) {
        return MemoryRecords.withEndTransactionMarker(
                0L, ME, (short) epoch, new EndTransactionMarker(ControlRecordType.COMMIT, 0));
    }

    private static String[] values(int count) {
        return IntStream.range(0, count).mapToObj(i -> "value " + i).toArray(String[]::new);
    }

    private static Verdict judge(ProducerStates states, MutableRecordBatch batch) {
        if (!batch.isControlBatch() && states.duplicateOf(batch).isPresent()) {
            return Verdict.DUPLICATE;
        }
        try {
            states.check(batch, AppendOrigin.CLIENT, null);
            return Verdict.TAKEN;
        } catch (InvalidProducerEpochException e) {
            return Verdict.OLD_EPOCH;
        } catch (OutOfOrderSequenceException e) {
            return Verdict.OUT_OF_ORDER;
        }
    }

    /** Sequences are counted without end here, and wrapped only to be compared. */
    private static final class Rules {
        private static final long WRAP = 1L << 31;
        private int epoch = -1;
        private long next;
        private final List<Sent> sent = new ArrayList<>();

        long sequence(Send send) {
            return switch (send.start) {
                case NEXT -> next % WRAP;
                case ZERO -> 0;
                case ONE_TOO_FAR -> (next + 1) % WRAP;
                case SENT_BEFORE -> sent.size() < send.back ? 0 : sent.get(sent.size() - send.back).sequence;
                case NEAR_THE_END -> WRAP - 1 - send.back % 2;
            };
        }

        Verdict judge(int batchEpoch, long sequence, int records) {
            if (batchEpoch == epoch && offsetOf(sequence, records).isPresent()) {
                return Verdict.DUPLICATE;
            }
            if (batchEpoch < epoch) {
                return Verdict.OLD_EPOCH;
            }
            long expected = batchEpoch == epoch ? next % WRAP : 0;
            return epoch < 0 || sequence == expected ? Verdict.TAKEN : Verdict.OUT_OF_ORDER;
        }

        Verdict judgeMarker(int markerEpoch) {
            return markerEpoch < epoch ? Verdict.OLD_EPOCH : Verdict.TAKEN;
        }

        Optional<Long> offsetOf(long sequence, int records) {
            return sent.stream()
                    .skip(Math.max(0, sent.size() - 5))
                    .filter(each -> each.sequence == sequence && each.records == records)
                    .map(Sent::offset)
                    .findFirst();
        }

        void take(int batchEpoch, long sequence, Send send, long offset) {
            if (batchEpoch != epoch) {
                sent.clear();
                next = 0;
                epoch = batchEpoch;
            }
            if (!send.marker) {
                sent.add(new Sent(sequence, send.records, offset));
                next = sequence + send.records;
            }
        }
    }
}
