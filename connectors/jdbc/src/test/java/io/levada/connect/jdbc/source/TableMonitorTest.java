/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class TableMonitorTest {

    @Test
    void changeIsToldUntilItIsTaken() throws Exception {
        CountDownLatch told = new CountDownLatch(3);
        try (TableMonitor<String> monitor =
                new TableMonitor<>("test", () -> Set.of("orders", "lines"), Duration.ofMillis(1), () -> {
                    told.countDown();
                    if (told.getCount() > 0) {
                        throw new IllegalStateException("the worker takes none now");
                    }
                })) {
            monitor.start(Set.of("orders"));

            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(monitor.tables()).containsExactlyInAnyOrder("orders", "lines");
        }
    }
}
