/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarningHeaderTest {
    @Test
    void aTextIsQuotedSoThatItEndsNoHeaderAndBeginsNone() {
        assertThat(WarningHeader.values(List.of("say \"a\\b\"\r\nSet-Cookie: x\tü")))
                .containsExactly("299 - \"say \\\"a\\\\b\\\"  Set-Cookie: x ?\"");
    }

    @Test
    void neitherManyNorLongTextsMakeALongHeader() {
        List<String> values = WarningHeader.values(Collections.nCopies(500, "x".repeat(5000)));
        assertThat(values).hasSize(11).last().asString().contains("490 more warnings");
        assertThat(String.join(", ", values)).hasSizeLessThan(4000);
    }
}
