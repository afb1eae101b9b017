/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.time.Duration;
import java.util.Optional;

/**
 * A worker's place in its group.
 *
 * @param workerId its address, told to the others
 * @param instance names the place itself if there can only be one process in it: who is there from an earlier life is dead, and need not be
 *     waited for
 */
public record GroupSettings(
        String groupId,
        String workerId,
        Optional<String> instance,
        Duration sessionTimeout,
        Duration rebalanceTimeout,
        Duration heartbeatInterval) {}
