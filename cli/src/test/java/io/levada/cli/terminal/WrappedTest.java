/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WrappedTest {
    @Test
    void linesEndBetweenWords() {
        assertThat(Wrapped.lines("cannot reach the bucket", "  ", 14))
                .containsExactly("  cannot reach", "  the bucket");
    }

    @Test
    void aWordThatIsTooLongStaysWhole() {
        assertThat(Wrapped.lines("see https://example.org/a/b now", "", 10))
                .containsExactly("see", "https://example.org/a/b", "now");
    }

    @Test
    void whereThereIsNoWidthNothingIsBroken() {
        assertThat(Wrapped.lines("a b c", "  ", 0)).containsExactly("  a b c");
    }
}
