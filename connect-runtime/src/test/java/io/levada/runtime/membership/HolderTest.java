/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class HolderTest {
    private static final Presence NEW = new Presence("new:8083", false);
    private static final Presence OLD = new Presence("old:8083", true);

    @Test
    void whoRunsTheConnectorsGoesOnWhoeverLeads() {
        assertThat(Holder.elect("a", Map.of("a", NEW, "b", OLD))).isEqualTo(new Holder("b", "old:8083"));
        assertThat(Holder.elect("b", Map.of("a", NEW, "b", OLD))).isEqualTo(new Holder("b", "old:8083"));
    }

    @Test
    void ofNewOnesItIsTheLeader() {
        assertThat(Holder.elect("b", Map.of("a", NEW, "b", NEW))).isEqualTo(new Holder("b", "new:8083"));
    }

    @Test
    void whatMembersTellEachOtherArrives() {
        Holder holder = new Holder("connect-höst:8083-1234", "höst:8083");

        assertThat(Holder.parse(holder.bytes())).isEqualTo(holder);
        assertThat(Presence.parse(OLD.bytes())).isEqualTo(OLD);
        assertThat(Presence.parse(NEW.bytes())).isEqualTo(NEW);
    }

    @Test
    void aMemberOfALaterVersionIsNotGuessedAt() {
        assertThatThrownBy(() -> Presence.parse(new byte[] {0, 7, 1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not understand");
    }
}
