/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.txn;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.levada.broker.api.ApiHandler;
import io.levada.broker.api.Caller;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.InvalidRegularExpression;
import org.apache.kafka.common.message.ListTransactionsRequestData;
import org.apache.kafka.common.message.ListTransactionsResponseData;
import org.apache.kafka.common.message.ListTransactionsResponseData.TransactionState;
import org.apache.kafka.common.requests.ListTransactionsRequest;
import org.apache.kafka.common.requests.ListTransactionsResponse;

/** ListTransactions (KIP-664), by state, producer, age (KIP-994) and name (KIP-1152, a regular expression of RE2 that the whole id has to match). */
public final class ListTransactionsHandler implements ApiHandler<ListTransactionsRequest> {
    private final TransactionCoordinator transactions;
    private final InstantSource clock;

    public ListTransactionsHandler(TransactionCoordinator transactions, InstantSource clock) {
        this.transactions = transactions;
        this.clock = clock;
    }

    @Override
    public CompletableFuture<ListTransactionsResponse> handle(ListTransactionsRequest request, Caller caller) {
        Filter filter = new Filter(request.data(), pattern(request.data().transactionalIdPattern()), clock.millis());
        List<String> unknown = request.data().stateFilters().stream()
                .filter(state ->
                        io.levada.broker.txn.TransactionState.ofLabel(state).isEmpty())
                .toList();
        return transactions
                .all()
                .thenApply(all -> all.entrySet().stream()
                        .filter(entry -> filter.admits(entry.getKey(), entry.getValue()))
                        .filter(entry -> caller.mayOnTransactionalId(AclOperation.DESCRIBE, entry.getKey()))
                        .map(entry -> new TransactionState()
                                .setTransactionalId(entry.getKey())
                                .setProducerId(entry.getValue().producer().id())
                                .setTransactionState(entry.getValue().state().label()))
                        .toList())
                .thenApply(listed -> new ListTransactionsResponse(new ListTransactionsResponseData()
                        .setUnknownStateFilters(unknown)
                        .setTransactionStates(listed)));
    }

    private static Optional<Pattern> pattern(String text) {
        if (text == null || text.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(Pattern.compile(text));
        } catch (PatternSyntaxException e) {
            throw new InvalidRegularExpression("'" + text + "' is not a regular expression of RE2: " + e.getMessage());
        }
    }

    private record Filter(ListTransactionsRequestData asked, Optional<Pattern> pattern, long nowMs) {
        boolean admits(String id, Transaction transaction) {
            return (asked.producerIdFilters().isEmpty()
                            || asked.producerIdFilters()
                                    .contains(transaction.producer().id()))
                    && (asked.stateFilters().isEmpty()
                            || asked.stateFilters().contains(transaction.state().label()))
                    && (asked.durationFilter() < 0 || nowMs - transaction.startMs() > asked.durationFilter())
                    && pattern.map(names -> names.matches(id)).orElse(true);
        }
    }
}
