/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Exactly-once sources on a real Kafka. */
class ExactlyOnceOnApacheKafkaTest extends ExactlyOnceContract {
    private static @Nullable ApacheKafka kafka;

    @BeforeAll
    static void startKafka(@TempDir Path folder) throws IOException, InterruptedException {
        kafka = ApacheKafka.start(folder);
    }

    @AfterAll
    static void stopKafka() {
        if (kafka != null) {
            kafka.close();
        }
    }

    @Override
    Map<String, String> broker(Path dataDir) {
        if (kafka == null) {
            throw new IllegalStateException("Kafka did not start");
        }
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
