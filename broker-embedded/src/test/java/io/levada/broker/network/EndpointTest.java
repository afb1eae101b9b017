/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {
    @Test
    void readsNameHostAndPort() {
        Endpoint endpoint = Endpoint.parse(" PLAINTEXT://localhost:9092 ");
        assertThat(endpoint.listener().value()).isEqualTo("PLAINTEXT");
        assertThat(endpoint.host()).isEqualTo("localhost");
        assertThat(endpoint.port()).isEqualTo(9092);
    }

    @Test
    void writesAnIpv6AddressInBrackets() {
        assertThat(Endpoint.parse("PLAINTEXT://[::1]:9092").address()).isEqualTo("[::1]:9092");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "localhost:9092", "PLAINTEXT://localhost", "PLAINTEXT://a:b:1", "PLAINTEXT://a:99999"})
    void refusesWhatIsNotAnEndpoint(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Endpoint.parse(text));
    }
}
