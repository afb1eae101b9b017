/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.util.List;
import java.util.function.Consumer;

/**
 * A group of one: no heartbeats, no rebalance.
 *
 * @param self this worker
 */
public record SoleMember(String self) implements Membership {
    @Override
    public void join(Consumer<GroupEvent> events) {
        events.accept(new GroupEvent.Joined(1, self, self, List.of(self)));
    }

    @Override
    public void close() {
        // Nobody to tell.
    }
}
