/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.config.WorkerConfig;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WorkerAddressTest {
    /** Bound to the ports 1000, 1001 and so on. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://one:0                  |       | one:1000
            HTTPS://one:0, http://two:0   |       | two:1001
            https://one:0                 |       | one:1000
            http://one:0,https://two:0    | https | two:1001
            https://one:0,HTTP://two:0    | HTTP  | two:1001
            http://[::1]:0                |       | [::1]:1000
            """)
    void theListenerIsTheOneThatIsAdvertised(String listeners, String advertised, String workerId) {
        Map<String, String> worker = new HashMap<>(Map.of("listeners", listeners));
        if (advertised != null) {
            worker.put("rest.advertised.listener", advertised);
        }
        assertThat(address(worker)).isEqualTo(workerId);
    }

    @Test
    void hostAndPortMayBeGiven() {
        assertThat(address(Map.of("rest.advertised.host.name", "me.example.org")))
                .isEqualTo("me.example.org:1000");
        assertThat(address(Map.of("rest.advertised.port", "80"))).isEqualTo("localhost:80");
        assertThat(address(Map.of("rest.advertised.port", "0"))).isEqualTo("localhost:1000");
        assertThat(address(Map.of(
                        "rest.advertised.host.name", "me.example.org",
                        "rest.advertised.port", "80",
                        "listeners", "http://0.0.0.0:0")))
                .isEqualTo("me.example.org:80");
    }

    @Test
    void aListenerOnEveryAddressHasTheNameOfTheMachine() throws Exception {
        String host = InetAddress.getLocalHost().getHostName();
        assertThat(address(Map.of("listeners", "http://0.0.0.0:0"))).isEqualTo(host + ":1000");
        assertThat(address(Map.of("listeners", "http://:0"))).isEqualTo(host + ":1000");
    }

    @Test
    void aListenerThatIsNotThereCannotBeAdvertised() {
        for (String wanted : List.of("https", "ftp")) {
            assertThatThrownBy(() -> address(Map.of("rest.advertised.listener", wanted)))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("rest.advertised.listener")
                    .hasMessageContaining("listeners=http://localhost:8083");
        }
    }

    @Test
    void whatCannotBeAdvertisedIsRefusedBeforeTheWorkerListens() {
        for (Map.Entry<String, String> wrong : Map.of(
                        "rest.advertised.listener", "https",
                        "rest.advertised.host.name", "http://me.example.org",
                        "rest.advertised.port", "70000")
                .entrySet()) {
            assertThatThrownBy(() -> WorkerAddress.check(WorkerConfig.from(Map.of(wrong.getKey(), wrong.getValue()))))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining(wrong.getKey())
                    .hasMessageContaining(wrong.getValue());
        }
        WorkerAddress.check(WorkerConfig.from(Map.of("rest.advertised.host.name", "[::1]")));
        WorkerAddress.check(WorkerConfig.from(Map.of("rest.advertised.host.name", "me.example.org")));
    }

    private static String address(Map<String, String> worker) {
        return WorkerAddress.of(WorkerConfig.from(worker), List.of(1000, 1001));
    }
}
