/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class RestConfigTest {
    @Test
    void restListensOnLoopbackUnlessTold() {
        RestConfig config = RestConfig.from(Map.of());
        assertThat(config.listeners()).containsExactly(new Listener("localhost", 8083));
        assertThat(config.adminListeners()).isEmpty();
    }

    @Test
    void aListenerThatOthersReachNeedsTheOperatorsWord() {
        for (String listener : List.of("http://0.0.0.0:8083", "http://:8083")) {
            assertThatThrownBy(() -> RestConfig.from(Map.of("listeners", listener)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("rest.insecure=true");
            assertThat(RestConfig.from(Map.of("listeners", listener, "rest.insecure", "true"))
                            .listeners())
                    .containsExactly(new Listener("0.0.0.0", 8083));
        }
    }

    @Test
    void whatIsNotHonouredIsRefusedByName() {
        assertThatThrownBy(() -> RestConfig.from(Map.of("listeners", "https://localhost:8443")))
                .hasMessageContaining("listeners")
                .hasMessageContaining("HTTPS");
        assertThatThrownBy(() -> RestConfig.from(Map.of("response.http.headers.config", "setDate Expires: 0")))
                .hasMessageContaining("response.http.headers.config");
    }

    @Test
    void adminListenersMayBeNone() {
        assertThat(RestConfig.from(Map.of("admin.listeners", "")).adminListeners())
                .isEqualTo(Optional.of(List.of()));
    }
}
