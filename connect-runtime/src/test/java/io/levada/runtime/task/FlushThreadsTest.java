/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class FlushThreadsTest {
    @Test
    void commitsThatHangHoldUpNoOther() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        try (FlushThreads threads = new FlushThreads()) {
            for (int task = 0; task < 20; task++) {
                var unused = threads.after(Duration.ZERO, () -> {
                    try {
                        never.await();
                    } catch (InterruptedException ignored) {
                        Thread.currentThread().interrupt();
                    }
                });
            }

            var unused = threads.after(Duration.ofMillis(1), other::countDown);

            assertThat(other.await(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void nothingIsPlannedOnceClosed() {
        FlushThreads threads = new FlushThreads();
        threads.close();

        assertThatThrownBy(() -> threads.after(Duration.ZERO, () -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
