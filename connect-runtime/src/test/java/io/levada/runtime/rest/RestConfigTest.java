/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.rest.http.AllowedOrigins;
import io.levada.runtime.rest.http.ExtraHeaders;
import io.levada.runtime.rest.http.Listener;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;
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
            access.control.allow.origin          | https://(example.org                  | regular expression
            access.control.allow.origin          | *://example.org                       | regular expression
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

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            *                                       | https://evil.net, null                        |
            https://app.example.org                 | https://app.example.org, https://APP.example.org | https://appXexample.org, https://app.example.org.evil.net
            http://[::1]:3000                       | http://[::1]:3000                             | http://1:3000
            https?://app\\.example\\.org(:\\d+)?     | http://app.example.org, https://app.example.org:8443 | https://appXexample.org, https://app.example.org.evil.net
            https://app.\\.example\\.org            | https://app1.example.org                      | https://app.example.org
            https://.*[.]example[.]org              | https://a.b.example.org                       | https://evilexample.org
            https?://app.example.org(:[0-9]+)?      | http://app.example.org:80                     | https://appXexample.org
            https://.*.example.org                  | https://a.b.example.org                       | https://evil-example.org
            https://*.example.org                   | https://a.b.example.org                       | https://xexample.org, https://example.org, https://a.example.org.evil.net
            https://*.example.org:*                 | https://a.example.org:8443                    | https://xexample.org:1
            http://localhost:*                      | http://localhost:3000, http://localhost       | http://localhost.evil.net
            https://*                               | https://example.org                           | http://example.org
            https://*example.org                    | https://example.org                           | https://badexample.org
            null                                    | null                                          | nil
            """)
    void anOriginIsARegularExpressionAsFarAsThatIsWhatItsWriterMeant(String entry, String in, @Nullable String out) {
        AllowedOrigins origins = AllowedOrigins.of(List.of("https://other.example.net", entry), List.of());

        assertThat(in.split(", ")).allMatch(origins::allow);
        if (out != null) {
            assertThat(out.split(", ")).noneMatch(origins::allow);
        }
    }

    @Test
    void whatNoBrowserSaysIsToldAndNoReasonNotToStart() {
        assertThat(warned("access.control.allow.origin", "example.org, https://example.org/, https://example.com/app"))
                .hasSize(3);
        assertThat(warned("access.control.allow.methods", "GET,GTE")).containsExactly("GTE");
    }

    @Test
    void whatIsNotTakenAsInKafkaConnectIsTold() {
        String plain = "https://app.example.org, http://[::1]:3000, http://localhost, null";
        assertThat(warned("access.control.allow.origin", plain)).isEmpty();
        assertThat(warned("access.control.allow.origin", "https?://app\\.example\\.org(:\\d+)?"))
                .isEmpty();
        assertThat(warned("access.control.allow.origin", "https://*.example.org, https?://app.example.org"))
                .containsExactly("https://*.example.org", "https?://app.example.org");
    }

    /** Of which values. */
    private static List<Object> warned(String key, String value) {
        try (LoggedLines log = LoggedLines.warningsOf(AllowedOrigins.class)) {
            assertThat(RestConfig.from(Map.of(key, value)).listeners()).hasSize(1);
            return log.lines().stream()
                    .map(line -> Objects.requireNonNull(line.values().get("value")))
                    .toList();
        }
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
