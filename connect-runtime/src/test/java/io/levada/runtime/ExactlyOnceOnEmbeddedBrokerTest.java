/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.nio.file.Path;
import java.util.Map;

/** Exactly-once sources on the broker inside. */
class ExactlyOnceOnEmbeddedBrokerTest extends ExactlyOnceContract {
    @Override
    Map<String, String> broker(Path dataDir) {
        return Map.of("broker.listeners", "PLAINTEXT://localhost:0", "data.dir", dataDir.toString());
    }
}
