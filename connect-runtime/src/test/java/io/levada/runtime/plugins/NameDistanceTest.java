/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NameDistanceTest {
    @Test
    void aTypoIsRecognised() {
        assertThat(NameDistance.nearest("task.max", List.of("tasks.max", "topics")))
                .contains("tasks.max");
    }

    @Test
    void somethingElseIsNot() {
        assertThat(NameDistance.nearest("colour", List.of("tasks.max", "topics")))
                .isEmpty();
    }
}
