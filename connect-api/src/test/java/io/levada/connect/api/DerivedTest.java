/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DerivedTest {

    private final List<Integer> derivations = new ArrayList<>();
    private final Derived<Integer, String> derived = new Derived<>(3, key -> {
        derivations.add(key);
        return "value of " + key;
    });

    @Test
    void equalKeysAreDerivedOnce() {
        assertThat(derived.of(100_000)).isEqualTo("value of 100000");
        assertThat(derived.of(100_000)).isEqualTo("value of 100000");

        assertThat(derivations).containsExactly(100_000);
    }

    @Test
    void theKeyUsedLongestAgoIsForgottenFirst() {
        for (int key = 0; key < 3; key++) {
            derived.of(key);
        }
        derived.of(0);
        derived.of(1000);
        derivations.clear();

        derived.of(0);
        derived.of(1);

        assertThat(derivations).containsExactly(1);
    }
}
