/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.threads;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

final class ConnectorThreadTest {

    @AfterEach
    void forget() {
        MDC.clear();
    }

    @Test
    void logsForWhomItWasMade() throws Exception {
        MDC.put("connector.context", "[orders|task-0] ");
        CompletableFuture<String> logged = new CompletableFuture<>();
        Thread thread = ConnectorThread.daemon("t", () -> logged.complete(MDC.get("connector.context")));
        MDC.put("connector.context", "[others|task-0] ");

        thread.start();
        thread.join();

        assertThat(logged).isCompletedWithValue("[orders|task-0] ");
        assertThat(thread.isDaemon()).isTrue();
    }
}
