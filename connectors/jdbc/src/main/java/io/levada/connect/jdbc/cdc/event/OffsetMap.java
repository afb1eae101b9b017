/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import java.util.AbstractMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A record's offset as the map that Kafka Connect asks for, made only when it is looked at: of thousands, one is stored. */
final class OffsetMap extends AbstractMap<String, Object> {

    private final CdcOffset offset;
    private @Nullable Map<String, Object> made;

    OffsetMap(CdcOffset offset) {
        this.offset = offset;
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> known = made;
        if (known == null) {
            known = offset.stored();
            made = known; // threads that race make the same
        }
        return known.entrySet();
    }
}
