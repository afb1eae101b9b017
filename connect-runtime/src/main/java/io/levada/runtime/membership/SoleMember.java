/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.util.List;
import java.util.function.Consumer;

/**
 * A worker without a group, that of {@code offset.storage.file.filename}: it is alone, and the file keeps others out.
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
