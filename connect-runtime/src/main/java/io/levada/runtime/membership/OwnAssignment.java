/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a worker without a group runs: everything, anew with each config that changes it. Safe for use by any thread. */
public final class OwnAssignment {
    /** By which no group agrees. */
    public static final String NO_PROTOCOL = "NONE";

    private final String self;
    private ClusterConfig config = ClusterConfig.EMPTY;
    private GroupEvent.@Nullable Assigned latest;
    private @Nullable Consumer<GroupEvent> events;

    OwnAssignment(String self) {
        this.self = self;
    }

    /** Events go here, the first one at once. */
    synchronized void listen(Consumer<GroupEvent> listener) {
        events = listener;
        assign();
    }

    synchronized void onConfig(ClusterConfig newest) {
        config = newest;
        assign();
    }

    private void assign() {
        Share share = Share.of(config);
        if (events == null || (latest != null && latest.share().equals(share))) {
            return;
        }
        latest = new GroupEvent.Assigned(1, self, true, NO_PROTOCOL, share, config.offset());
        events.accept(latest);
    }
}
