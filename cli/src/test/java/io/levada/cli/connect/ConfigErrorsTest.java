/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ConfigErrorsTest {
    @Test
    void everyErrorIsToldOnceAndTheEndpointNotAtAll() {
        assertThat(ConfigErrors.message("""
                        Connector configuration is invalid and contains the following 4 error(s):
                        Must configure one of topics or topics.regex
                        Invalid value two for configuration tasks.max: Not a number of type INT
                        Invalid value null for configuration tasks.max: Value must be non-null
                        Must configure one of topics or topics.regex
                        You can also find the above list of errors at the endpoint `/connector-plugins/{connectorType}/config/validate`""")).isEqualTo("""
                        Connector configuration is invalid and contains the following 2 errors:
                        Must configure one of topics or topics.regex
                        Invalid value two for configuration tasks.max: Not a number of type INT""");
    }

    @Test
    void aNullThatIsAnErrorOfItsOwnIsTold() {
        assertThat(ConfigErrors.message("Invalid value null for configuration tasks.max: Value must be non-null"))
                .startsWith("Invalid value null");
    }
}
