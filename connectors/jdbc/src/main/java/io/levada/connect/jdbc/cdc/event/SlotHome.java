/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where a place in the log is a place of, stored with each offset under keys of our own: so another server, another history and a
 * slot that was moved by somebody else are noticed.
 *
 * @param system the server's identifier, the same on its standbys
 * @param timeline of the server's history, which a promotion ends
 * @param slot the slot's name
 * @param strict the slot was never told to forget more than what was stored, so that it cannot stand beyond the offset
 */
public record SlotHome(String system, long timeline, String slot, boolean strict) {

    private static final String SYSTEM = "levada_system";
    private static final String TIMELINE = "levada_timeline";
    private static final String SLOT = "levada_slot";
    private static final String STRICT = "levada_strict";

    /** As {@link #putInto} stored it; null in an offset of Debezium's. */
    static @Nullable SlotHome of(Map<String, ?> stored) {
        Object system = stored.get(SYSTEM);
        return system == null
                ? null
                : new SlotHome(
                        String.valueOf(system),
                        CdcOffset.number(stored, TIMELINE),
                        String.valueOf(stored.get(SLOT)),
                        Boolean.TRUE.equals(stored.get(STRICT)));
    }

    void putInto(Map<String, Object> stored) {
        stored.put(SYSTEM, system);
        stored.put(TIMELINE, timeline);
        stored.put(SLOT, slot);
        stored.put(STRICT, strict);
    }
}
