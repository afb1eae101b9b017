/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import io.levada.runtime.configtopic.ClusterConfig;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The newest config, and whether the group has to agree anew for it: it has if there is other work than in the config of the last
 * assignment. Safe for use by any thread.
 */
final class WorkSeen {
    /** More changes than this between two assignments are one change. */
    private static final int KEPT_MAX = 100;

    /** What there was to run as of the offset of each config since that of the last assignment. */
    private final NavigableMap<Long, Share> work = new TreeMap<>();

    private ClusterConfig newest = ClusterConfig.EMPTY;
    private long assignedOffset = -1;

    synchronized ClusterConfig newest() {
        return newest;
    }

    /** A newer config is known. */
    synchronized void see(ClusterConfig config) {
        if (config.offset() < newest.offset()) {
            return;
        }
        newest = config;
        work.put(config.offset(), Share.of(config));
        if (work.size() > KEPT_MAX) {
            work.pollFirstEntry();
        }
    }

    /** The group has agreed by the config as of that offset. */
    synchronized void assigned(long configOffset) {
        assignedOffset = configOffset;
        Long before = work.floorKey(configOffset);
        if (before != null) {
            work.headMap(before).clear();
        }
    }

    /** Whether there is other work now than when the group agreed. */
    synchronized boolean hasChanged() {
        if (newest.offset() <= assignedOffset) {
            return false;
        }
        Map.Entry<Long, Share> then = work.floorEntry(assignedOffset);
        Share before = then == null ? Share.NONE : then.getValue();
        return !before.equals(Share.of(newest));
    }
}
