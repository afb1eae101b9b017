/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class WarningsTest {
    @Test
    void eachHeaderMayHoldSeveralTexts() {
        assertThat(Warnings.texts(List.of("299 - \"one, two\", 299 - \"say \\\"three\\\"\"", "299 - \"four\"")))
                .containsExactly("one, two", "say \"three\"", "four");
    }

    @Test
    void withoutHeadersThereIsNothingToSay() {
        assertThat(Warnings.texts(List.of())).isEmpty();
        assertThat(Warnings.texts(List.of("nonsense"))).isEmpty();
    }
}
