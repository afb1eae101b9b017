/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OpenedTest {
    private final List<String> closed = new ArrayList<>();
    private final Opened opened = new Opened(new ConnectorName("c").task(0));

    @Test
    void everythingIsClosedInReverseWhateverAPluginThrows() {
        opened.closing("consumer", () -> closed.add("consumer"));
        opened.closing("transform", () -> {
            throw new NoClassDefFoundError("acme/Gone");
        });
        opened.closing("task", () -> {
            throw new Error("not implemented");
        });
        opened.closing("predicate", () -> {
            throw new StackOverflowError();
        });
        opened.closing("header converter", () -> {
            throw new IOException("gone");
        });
        opened.closing("converter", () -> {
            throw new IllegalStateException("closed on purpose");
        });
        opened.closing("producer", () -> closed.add("producer"));

        opened.close();

        assertThat(closed).containsExactly("producer", "consumer");
    }
}
