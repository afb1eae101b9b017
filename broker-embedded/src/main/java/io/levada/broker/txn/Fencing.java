/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import io.levada.broker.api.ErrorCodes;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.protocol.Errors;

/** How a fenced producer is told: clients older than PRODUCER_FENCED know INVALID_PRODUCER_EPOCH. */
final class Fencing {
    private Fencing() {}

    static <R> CompletableFuture<R> toldSince(int firstVersion, int version, CompletableFuture<R> answer) {
        return answer.exceptionallyCompose(failure -> {
            RuntimeException known = ErrorCodes.asApiException(failure);
            return CompletableFuture.failedFuture(
                    version < firstVersion && known instanceof ProducerFencedException
                            ? new InvalidProducerEpochException(known.getMessage())
                            : known);
        });
    }

    static Errors toldSince(int firstVersion, int version, Errors error) {
        return version < firstVersion && error == Errors.PRODUCER_FENCED ? Errors.INVALID_PRODUCER_EPOCH : error;
    }
}
