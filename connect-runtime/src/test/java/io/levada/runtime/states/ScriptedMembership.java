/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.membership.GroupEvent;
import io.levada.runtime.membership.Leader;
import io.levada.runtime.membership.Membership;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The place in a group of a worker that leads it, as far as commands are concerned; what it runs the test says. */
final class ScriptedMembership implements Membership {
    private final CompletableFuture<Consumer<GroupEvent>> events = new CompletableFuture<>();

    static Share share(List<ConnectorName> connectors, List<TaskId> tasks) {
        return new Share(new TreeSet<>(connectors), new TreeSet<>(tasks));
    }

    void assign(int generation, Share share, long configOffset) {
        tell(new GroupEvent.Assigned(generation, "leader:8083", true, "sessioned", share, configOffset));
    }

    void tell(GroupEvent event) {
        events.join().accept(event);
    }

    @Override
    public void join(Consumer<GroupEvent> listener, Supplier<CompletionStage<ClusterConfig>> readConfig) {
        events.complete(listener);
    }

    @Override
    public void agreeAnew() {
        // The test says when.
    }

    @Override
    public Optional<Leader> leader() {
        return Optional.of(new Leader(true, ""));
    }

    @Override
    public boolean mayStillLead() {
        return true;
    }

    @Override
    public CompletionStage<Void> leaderKnown() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public Optional<String> owner(ConnectorName name) {
        return Optional.empty();
    }

    @Override
    public Optional<String> owner(TaskId id) {
        return Optional.empty();
    }

    @Override
    public void onConfig(ClusterConfig config) {
        // The leader's business.
    }

    @Override
    public void close() {
        // Nobody to tell.
    }
}
