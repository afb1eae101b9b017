/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class OffsetMapProperties {
    @Property
    void theMapKnowsTheLastOffsetOfEachKeyAndItsBound(
            @ForAll @Size(max = 200) List<@IntRange(min = 0, max = 60) Integer> keys,
            @ForAll @IntRange(min = 2, max = 80) int slots) {
        OffsetMap map = new OffsetMap(slots, 0.9);
        Map<Integer, Long> model = new HashMap<>();
        long offset = 0;
        for (int key : keys) {
            if (map.isFull()) {
                break;
            }
            map.put(bytes(key), offset);
            model.put(key, offset++);
        }
        for (int key = 0; key <= 60; key++) {
            assertThat(map.get(bytes(key))).isEqualTo(model.getOrDefault(key, -1L));
        }
        assertThat(map.size()).isEqualTo(model.size()).isLessThan(slots);
        assertThat(map.latestOffset()).isEqualTo(offset - 1);
    }

    private static ByteBuffer bytes(int key) {
        return ByteBuffer.allocate(4).putInt(0, key);
    }
}
