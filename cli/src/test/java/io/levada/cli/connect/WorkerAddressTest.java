/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class WorkerAddressTest {
    private static final Map<String, String> BOTH =
            Map.of("LEVADA_URL", "http://ours:1/", "KAFKA_CONNECT_URL", "http://theirs:2");

    @Test
    void theOptionWinsOverTheEnvironment() {
        assertThat(WorkerAddress.from("http://option:3", BOTH))
                .isEqualTo(new WorkerAddress(URI.create("http://option:3"), "--url"));
    }

    @Test
    void ourVariableWinsOverTheOneOtherToolsRead() {
        assertThat(WorkerAddress.from(null, BOTH))
                .isEqualTo(new WorkerAddress(URI.create("http://ours:1"), "LEVADA_URL"));
    }

    @Test
    void otherToolsVariableIsUnderstood() {
        assertThat(WorkerAddress.from(null, Map.of("KAFKA_CONNECT_URL", "http://theirs:2")))
                .isEqualTo(new WorkerAddress(URI.create("http://theirs:2"), "KAFKA_CONNECT_URL"));
    }

    @Test
    void withoutAnyTheLocalWorkerIsMeant() {
        assertThat(WorkerAddress.from(null, Map.of()).url()).isEqualTo(URI.create("http://localhost:8083"));
    }

    @Test
    void whatIsNoAddressIsRefusedWithItsOrigin() {
        assertThatThrownBy(() -> WorkerAddress.from(null, Map.of("LEVADA_URL", "localhost:8083")))
                .hasMessageContaining("localhost:8083")
                .hasMessageContaining("LEVADA_URL");
    }
}
