/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenPartsTest {
    private final List<String> closed = new ArrayList<>();
    private final OpenParts parts = new OpenParts();

    @Test
    void brokerIsClosedWhateverAPluginOfTheWorkerThrows() {
        parts.add(() -> closed.add("broker"));
        parts.add(() -> {
            throw new NoClassDefFoundError("acme/Gone");
        });
        parts.addLast(() -> closed.add("rest"));
        parts.add(() -> closed.add("herder"));

        parts.close();

        assertThat(closed).containsExactly("rest", "herder", "broker");
    }

    @Test
    void whatComesTooLateIsClosedAtOnce() {
        parts.close();

        assertThatThrownBy(() -> parts.add(() -> closed.add("broker"))).isInstanceOf(IllegalStateException.class);

        assertThat(closed).containsExactly("broker");
    }
}
