/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.connection;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.kafka.common.config.types.Password;
import org.junit.jupiter.api.Test;

final class ConnectionOptionsTest {

    @Test
    void optionsPrintNoSecrets() {
        ConnectionOptions options = new ConnectionOptions(
                "jdbc:postgresql://db/x?password=hush",
                null,
                "me",
                new Password("hush"),
                1,
                java.time.Duration.ZERO,
                java.time.Duration.ZERO,
                java.util.Map.of("sslpassword", "hush"));

        assertThat(options.toString()).contains("db/x", "me").doesNotContain("hush");
    }
}
