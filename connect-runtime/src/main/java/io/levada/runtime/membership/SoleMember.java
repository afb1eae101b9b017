/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** A worker without a group, that of {@code offset.storage.file.filename}: it is alone, and the file keeps others out. */
public final class SoleMember implements Membership {
    private final OwnAssignment assignment;

    /** @param self this worker */
    public SoleMember(String self) {
        this.assignment = new OwnAssignment(self);
    }

    @Override
    public void join(Consumer<GroupEvent> events, Supplier<CompletionStage<ClusterConfig>> readConfig) {
        assignment.listen(events);
    }

    @Override
    public void onConfig(ClusterConfig config) {
        assignment.onConfig(config);
    }

    @Override
    public void agreeAnew() {
        // With nobody.
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
    public void close() {
        // Nobody to tell.
    }
}
