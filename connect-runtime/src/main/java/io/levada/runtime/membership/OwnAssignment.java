/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Assignor;
import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a leader without followers assigns: everything to itself, anew with each config that changes it. Safe for use by any thread. */
final class OwnAssignment {
    private final String self;
    private ClusterConfig config = ClusterConfig.EMPTY;
    private @Nullable Integer generation;
    private @Nullable GroupEvent latest;
    private @Nullable Consumer<GroupEvent> events;

    OwnAssignment(String self) {
        this.self = self;
    }

    /** Events go here, the first one at once if something has happened already. */
    synchronized void listen(Consumer<GroupEvent> listener) {
        events = listener;
        if (latest != null) {
            listener.accept(latest);
        }
    }

    synchronized void onConfig(ClusterConfig newest) {
        config = newest;
        assign();
    }

    /** The group has agreed that this worker is its only member. */
    synchronized void agreed(int newGeneration) {
        generation = newGeneration;
        assign();
    }

    synchronized void lost() {
        generation = null;
        tell(new GroupEvent.Lost());
    }

    private void assign() {
        if (generation == null) {
            return;
        }
        Share share = Assignor.assign(List.of(self), config, Map.of()).getOrDefault(self, Share.NONE);
        if (latest instanceof GroupEvent.Assigned before
                && before.generation() == generation
                && before.share().equals(share)) {
            return;
        }
        tell(new GroupEvent.Assigned(generation, self, share, config.offset()));
    }

    private void tell(GroupEvent event) {
        latest = event;
        if (events != null) {
            events.accept(event);
        }
    }
}
