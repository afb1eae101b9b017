/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.cli.terminal.Problem;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentPropertiesTest {

    @Test
    void linesArePropertiesAndNoneIsNone() {
        assertThat(EnvironmentProperties.from(
                        Map.of("LEVADA_PROPERTIES", "listeners=http://localhost:0\n# why\n data.dir = /data \n")))
                .containsExactlyInAnyOrderEntriesOf(Map.of("listeners", "http://localhost:0", "data.dir", "/data"));
        assertThat(EnvironmentProperties.from(Map.of())).isEmpty();
    }

    @Test
    void malformedTextNamesTheVariable() {
        assertThatThrownBy(() -> EnvironmentProperties.from(Map.of("LEVADA_PROPERTIES", "a=\\u00")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("LEVADA_PROPERTIES");
    }
}
