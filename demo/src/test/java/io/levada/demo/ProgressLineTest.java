/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ProgressLineTest {

    private final ByteArrayOutputStream shown = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(shown, true, StandardCharsets.UTF_8);

    @ParameterizedTest
    @ValueSource(longs = {0, 1_234, 98_765, 1_234_567, 98_765_432, 1_234_567_890_123L})
    void onATerminalItFitsEightyColumnsAndIsNeverWrapped(long changes) {
        new ProgressLine(out, true).show(new Progress(changes, changes, changes, changes, 12_345));

        String line = shown.toString(StandardCharsets.UTF_8);
        assertThat(line).startsWith("\r\u001b[K\u001b[?7l").endsWith("\u001b[?7h");
        assertThat(line.replaceAll("\u001b\\[\\??[0-9]*[a-zA-Z]|\r", "")).hasSizeLessThan(80);
    }

    @Test
    void theFiguresAreToldInFullWhereThereIsRoom() {
        Progress progress = new Progress(1, 2, 3, 4, 5);
        assertThat(progress.fitting(200)).isEqualTo(progress.toString()).contains("records in topic 2", "(5 objects)");
        assertThat(progress.fitting(10)).isEqualTo("1>2>3>4");
    }

    @Test
    void elsewhereThereAreNoControlCharactersAndNotALineForEachLook() {
        ProgressLine line = new ProgressLine(out, false);
        for (int looks = 0; looks < 50; looks++) {
            line.show(new Progress(looks, 0, 0, 0, 0));
        }
        line.say("hello");

        assertThat(shown.toString(StandardCharsets.UTF_8))
                .doesNotContain("\u001b", "\r")
                .contains("changes 0 ")
                .doesNotContain("changes 49");
    }

    @Test
    void aClosedPipeIsNoticed() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ProgressLine line = new ProgressLine(new PrintStream(closed, true, StandardCharsets.UTF_8), false);
        assertThat(line.isUnread()).isFalse();

        line.say("anybody there?");

        assertThat(line.isUnread()).isTrue();
    }
}
