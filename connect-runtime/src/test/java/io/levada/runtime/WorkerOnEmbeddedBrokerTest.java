/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.nio.file.Path;
import java.util.Map;

/** The broker inside the worker, on a free port, each test with data of its own. */
class WorkerOnEmbeddedBrokerTest extends WorkerContract {
    @Override
    Map<String, String> broker(Path dataDir) {
        return Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", dataDir.toString());
    }
}
