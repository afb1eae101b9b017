/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.membership.Leader;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.peers.AnotherWorkerException;
import io.levada.runtime.peers.GroupBusyException;
import io.levada.runtime.peers.LeaderCalls;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The leader is who the membership says.
 *
 * @param knowsAll whether this worker, if it leads, knows what those before it have written
 */
record GroupLeadership(ConfigStore configs, Membership membership, LeaderCalls calls, BooleanSupplier knowsAll)
        implements Leadership {
    @Override
    public <T> CompletionStage<T> command(Supplier<CompletionStage<T>> here) {
        Optional<Leader> leader = membership.leader();
        if (leader.isEmpty()) {
            return CompletableFuture.failedFuture(GroupBusyException.noLeader());
        }
        if (!leader.get().here()) {
            return CompletableFuture.failedFuture(
                    new AnotherWorkerException(leader.get().url()));
        }
        return knowsAll.getAsBoolean()
                ? here.get()
                : CompletableFuture.failedFuture(
                        new GroupBusyException("This worker has only begun to lead, and reads the config topic"));
    }

    @Override
    public <T> CompletionStage<T> elsewhere(Supplier<Optional<String>> owner) {
        return command(() -> CompletableFuture.failedFuture(owner.get()
                .<RuntimeException>map(AnotherWorkerException::new)
                .orElseGet(GroupBusyException::noLeader)));
    }

    @Override
    public CompletionStage<Void> putTasks(ConnectorName name, List<Map<String, @Nullable String>> tasks) {
        Optional<Leader> leader = membership.leader();
        if (leader.isEmpty()) {
            return CompletableFuture.failedFuture(GroupBusyException.noLeader());
        }
        return leader.get().here()
                ? configs.putTasks(name, tasks)
                : calls.putTasks(leader.get(), name, tasks).thenCompose(written -> configs.readToEnd());
    }
}
