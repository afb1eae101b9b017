/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.logging.LoggedLines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OpenedTest {
    private final List<String> closed = new ArrayList<>();
    private final Opened opened = new Opened(new TaskLog(new ConnectorName("c").task(0), Resolved.NOTHING));

    @Test
    void whatFailsToCloseTellsNoSecret() {
        Resolved resolved = Resolved.between(Map.of("password", "${file:s:pw}"), Map.of("password", "hunter2"));
        Opened secret = new Opened(new TaskLog(new ConnectorName("c").task(0), resolved));
        secret.closing("task", () -> {
            throw new IOException("hunter2 is logged out already");
        });

        try (LoggedLines lines = LoggedLines.of(Closing.class)) {
            secret.close();

            assertThat(lines.texts())
                    .singleElement()
                    .satisfies(line -> assertThat(line)
                            .contains("${file:s:pw} is logged out already")
                            .doesNotContain("hunter2"));
        }
    }

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
