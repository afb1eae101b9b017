/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.rest.http.ExtraHeaders;
import io.levada.runtime.rest.http.Listener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class RestConfigTest {
    @Test
    void restListensOnLoopbackUnlessTold() {
        RestConfig config = RestConfig.from(Map.of());
        assertThat(config.listeners()).containsExactly(new Listener("localhost", 8083, false));
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
                    .containsExactly(new Listener("0.0.0.0", 8083, false));
        }
    }

    @Test
    void whatIsNotHonouredIsRefusedByName() {
        assertThatThrownBy(() -> RestConfig.from(Map.of("listeners", "ftp://localhost:8443")))
                .hasMessageContaining("listeners")
                .hasMessageContaining("https://host:port");
        assertThatThrownBy(() -> RestConfig.from(Map.of("response.http.headers.config", "setTime Expires: 0")))
                .hasMessageContaining("response.http.headers.config");
        assertThatThrownBy(() -> RestConfig.from(Map.of("response.http.headers.config", "setDate Expires: soon")))
                .hasMessageContaining("response.http.headers.config")
                .hasMessageContaining("milliseconds");
    }

    @Test
    void datesAreReckonedFromTheMomentOfTheAnswer() {
        ExtraHeaders headers = ExtraHeaders.parse("setDate Expires: 3600000, addDate Expires: -1000, set X-A: b");

        assertThat(headers.at(Instant.parse("2026-11-26T20:00:00Z")))
                .containsEntry("X-A", "b")
                .containsEntry("Expires", "Thu, 26 Nov 2026 21:00:00 GMT, Thu, 26 Nov 2026 19:59:59 GMT");
    }

    @Test
    void adminListenersMayBeNone() {
        assertThat(RestConfig.from(Map.of("admin.listeners", "")).adminListeners())
                .isEqualTo(Optional.of(List.of()));
    }
}
