/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 3, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class PluginCloseTest {
    private static final Duration LONG = Duration.ofMinutes(2);

    @Test
    void aPluginIsClosedWithItsOwnLoaderBeforeTheCallReturns() {
        AtomicReference<ClassLoader> seen = new AtomicReference<>();

        PluginClose.of(
                "key",
                PluginCloseTest.class,
                LONG,
                () -> seen.set(Thread.currentThread().getContextClassLoader()));

        assertThat(seen).hasValue(PluginCloseTest.class.getClassLoader());
    }

    @Test
    void onePluginThatHangsIsInterruptedWhenItsTimeIsOver() throws Exception {
        CountDownLatch interrupted = new CountDownLatch(1);

        PluginClose.of("key", PluginCloseTest.class, Duration.ofMillis(20), () -> {
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException e) {
                interrupted.countDown();
                throw e;
            }
        });

        assertThat(interrupted.await(LONG.toSeconds(), TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPluginHasItsTimeOnAThreadThatIsInterruptedToo() {
        AtomicBoolean closed = new AtomicBoolean();
        Thread closing = Thread.currentThread();
        closing.interrupt();

        PluginClose.of("key", PluginCloseTest.class, LONG, () -> {
            await().atMost(LONG).until(() -> closing.getState() == Thread.State.TIMED_WAITING);
            closed.set(true);
        });

        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed).isTrue();
    }

    @Test
    void whateverAPluginThrowsEndsNobodyElse() {
        PluginClose.of("key", PluginCloseTest.class, LONG, () -> {
            throw new NoClassDefFoundError("acme/Gone");
        });
        PluginClose.of("key", PluginCloseTest.class, LONG, () -> {
            throw new IllegalStateException("on purpose");
        });
    }
}
