/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.rest.http.AllowedOrigins;
import io.levada.runtime.rest.http.ExtraHeaders;
import io.levada.runtime.rest.http.Listener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            listeners                            | http://localhost:70000                | 65535
            listeners                            | http://localhost:8083/connect         | no path
            listeners                            | http://localhost:1,http://LOCALHOST:1 | has this address already
            admin.listeners                      | http://localhost:8083                 | has this address already
            admin.listeners                      | localhost:8084                        | http://host:port
            access.control.allow.origin          | example.org                           | scheme://host
            access.control.allow.origin          | https://example.org/                  | without a slash
            access.control.allow.methods         | GET,GTE                               | PATCH
            response.http.headers.config         | set X-A                               | Write each as
            response.http.headers.config         | set X-A: "b                           | no end
            response.http.headers.config         | set X-A: b\u0001c                     | control characters
            response.http.headers.config         | setDate Expires: 9223372036854775807  | days away
            listeners.https.ssl.client.auth      | sometimes                             | requested or required
            admin.listeners.https.ssl.client.auth | sometimes                            | requested or required
            """)
    void whatCannotBeIsRefusedWithKeyAndWayOut(String key, String value, String wayOut) {
        assertThatThrownBy(() -> RestConfig.from(Map.of(key, value)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(wayOut);
    }

    @Test
    void aStarInAnOriginStandsForAnything() {
        AllowedOrigins origins =
                AllowedOrigins.of(List.of("https://*.example.org", "http://localhost:3000"), List.of());

        assertThat(origins.allow("https://a.example.org")).isTrue();
        assertThat(origins.allow("http://localhost:3000")).isTrue();
        assertThat(origins.allow("https://a.example.org.evil.net")).isFalse();
        assertThat(origins.allow("https://aXexampleXorg")).isFalse();
        assertThat(AllowedOrigins.of(List.of("*"), List.of()).allow("https://evil.net"))
                .isTrue();
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
