/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.fencing;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.NotLeadingException;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.membership.Leader;
import io.levada.runtime.membership.Membership;
import io.levada.runtime.peers.GroupBusyException;
import io.levada.runtime.peers.LeaderCalls;
import io.levada.runtime.threads.TaskThreads;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Fencing in a group: its leader does it, and notes it; the others ask it to. */
public final class GroupFencing implements Fencing {
    private static final Duration STEP_MAX = Duration.ofSeconds(60);
    private static final Duration PAUSE = Duration.ofMillis(250);
    /** About as long as a group may take to agree. */
    private static final int TRIES_MAX = 240;

    private final Fencing own;
    private final ConfigStore configs;
    private final Membership membership;
    private final LeaderCalls calls;
    private final TaskThreads threads;

    /** @param own by which this worker fences if it leads */
    public GroupFencing(Fencing own, ConfigStore configs, Membership membership, LeaderCalls calls) {
        this.own = own;
        this.configs = configs;
        this.membership = membership;
        this.calls = calls;
        this.threads = TaskThreads.REAL;
    }

    @Override
    public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {
        for (int tries = 0; ; tries++) {
            // A task that was assigned by an older config must not fence those of a newer one.
            get(configs.readToEnd(), "read the config topic");
            if (!ZombieFencing.isNeeded(connector, configs.snapshot())) {
                return;
            }
            try {
                Leader leader = membership.leader().orElseThrow(GroupBusyException::noLeader);
                if (leader.here()) {
                    own.beforeTask(connector, config);
                    return;
                }
                // A leader of Kafka Connect's looks at no more than this, and says that it is done.
                if (!configs.snapshot().pendingFencing().contains(connector)) {
                    return;
                }
                get(calls.fence(leader, connector), "have earlier tasks of " + connector + " fenced");
                if (tries == 0) {
                    continue; // It is noted by now, but for a leader that gets what it asks for late.
                }
                if (tries >= TRIES_MAX) {
                    throw GroupBusyException.noLeader();
                }
            } catch (ConnectException e) {
                if (tries >= TRIES_MAX || !isOfGroup(e)) {
                    throw e;
                }
            }
            pause();
        }
    }

    @Override
    public void afterId(TaskId task, Map<String, @Nullable String> config) {
        get(configs.readToEnd(), "read the config topic");
        if (!configs.snapshot().task(task).equals(Optional.of(config))) {
            throw new ConnectException(
                    "Task " + task + " was configured anew while it began; it ends, and the worker that has its place"
                            + " now begins it again");
        }
    }

    /** Asked of the leader only. */
    @Override
    public void all(ConnectorName connector, Map<String, @Nullable String> config) {
        beforeChange(connector); // or running tasks of today would be fenced
        own.all(connector, config);
    }

    @Override
    public void beforeChange(ConnectorName connector) {
        get(configs.readToEnd(), "read the config topic");
        ClusterConfig.Entry entry = configs.snapshot().connectors().get(connector);
        if (entry == null || entry.target() != TargetState.STOPPED) {
            throw new ConnectException(
                    "Connector " + connector + " is not stopped any more: its offsets are as they were");
        }
        if (!membership.mayStillLead()) {
            throw GroupBusyException.noLeader();
        }
    }

    /** Also where this worker ceased to lead before it had noted that it is done. */
    private static boolean isOfGroup(ConnectException failure) {
        return failure instanceof GroupBusyException
                || (failure.getCause() instanceof ExecutionException failed
                        && failed.getCause() instanceof NotLeadingException);
    }

    private void pause() {
        try {
            Object unused = threads.get(new CompletableFuture<>(), PAUSE);
        } catch (TimeoutException ignored) {
            // The pause is over.
        } catch (InterruptedException e) {
            throw interrupted("wait for the group", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("nobody completes it", e);
        }
    }

    private void get(CompletionStage<?> done, String what) {
        try {
            Object unused = threads.get(done, STEP_MAX);
        } catch (InterruptedException e) {
            throw interrupted(what, e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof GroupBusyException busy) {
                throw busy;
            }
            throw new ConnectException("Cannot " + what + ": " + e.getCause(), e);
        } catch (TimeoutException e) {
            throw new ConnectException("Cannot " + what + " within " + STEP_MAX.toSeconds() + " s", e);
        }
    }

    private static ConnectException interrupted(String what, InterruptedException e) {
        Thread.currentThread().interrupt();
        return new ConnectException("Interrupted while trying to " + what, e);
    }
}
