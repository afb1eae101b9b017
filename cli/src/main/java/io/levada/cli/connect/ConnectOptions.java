/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which worker to call. */
final class ConnectOptions {
    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The worker's REST API (default: LEVADA_URL, KAFKA_CONNECT_URL, then http://localhost:8083).")
    private @Nullable String url;

    ConnectClient client() {
        return new ConnectClient(WorkerAddress.from(url, System.getenv()));
    }
}
