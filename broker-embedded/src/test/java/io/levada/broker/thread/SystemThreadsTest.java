/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.thread;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(600)
class SystemThreadsTest {
    private final Threads threads = Threads.ofSystem();

    @Test
    void aPoolNumbersItsThreadsAndRunsThemBesideEachOther() throws Exception {
        ExecutorService pool = threads.pool("pool", 2);
        CyclicBarrier bothThere = new CyclicBarrier(2);
        Callable<String> named = () -> {
            bothThere.await(120, TimeUnit.SECONDS);
            return Thread.currentThread().getName() + " "
                    + Thread.currentThread().isDaemon();
        };
        assertThat(List.of(pool.submit(named), pool.submit(named)))
                .extracting(Future::get)
                .containsExactlyInAnyOrder("pool-0 true", "pool-1 true");
        pool.shutdown();
    }

    @Test
    void oneThreadHasTheNameItWasGiven() throws InterruptedException, ExecutionException {
        ExecutorService single = threads.single("alone");
        assertThat(single.submit(() -> Thread.currentThread().getName()).get()).isEqualTo("alone");
        single.shutdown();
    }

    @Test
    void whatEscapesATimerIsToldWithItsThread() {
        Logger logger = (Logger) LoggerFactory.getLogger(SystemThreads.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger.addAppender(log);
        ScheduledExecutorService scheduler = threads.scheduler("timers");
        try {
            var timer = scheduler.schedule(
                    (Runnable) () -> {
                        throw new IllegalStateException("on purpose");
                    },
                    1,
                    TimeUnit.MILLISECONDS);
            await().atMost(Duration.ofMinutes(2)).until(() -> timer.isDone() && !log.list.isEmpty());
            assertThat(log.list.get(0).getThrowableProxy().getMessage()).isEqualTo("on purpose");
            assertThat(log.list.get(0).getKeyValuePairs())
                    .extracting(pair -> pair.value)
                    .containsExactly("timers");
        } finally {
            scheduler.shutdown();
            logger.detachAppender(log);
        }
    }

    @Test
    void aSchedulerThatIsShutDownDropsItsTimers() throws InterruptedException {
        ScheduledExecutorService scheduler = threads.scheduler("timers");
        Future<?> timer = scheduler.schedule(() -> {}, 1, TimeUnit.HOURS);
        scheduler.shutdown();
        assertThat(scheduler.awaitTermination(120, TimeUnit.SECONDS)).isTrue();
        assertThat(timer.isCancelled()).isTrue();
    }
}
