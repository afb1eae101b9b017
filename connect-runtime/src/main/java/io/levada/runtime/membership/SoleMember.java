/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.configtopic.ClusterConfig;
import java.util.function.Consumer;

/** A worker without a group, that of {@code offset.storage.file.filename}: it is alone, and the file keeps others out. */
public final class SoleMember implements Membership {
    private final OwnAssignment assignment;

    /** @param self this worker */
    public SoleMember(String self) {
        this.assignment = new OwnAssignment(self);
        assignment.agreed(1);
    }

    @Override
    public void join(Consumer<GroupEvent> events) {
        assignment.listen(events);
    }

    @Override
    public void onConfig(ClusterConfig config) {
        assignment.onConfig(config);
    }

    @Override
    public void close() {
        // Nobody to tell.
    }
}
