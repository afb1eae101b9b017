/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.rest.extensions.ExtensionThreads.Times;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Thread groups are never destroyed, so there must not be one for each thread that ever was. */
final class ExtensionThreadGroupsTest {
    @Test
    void threadsThatFollowOneAnotherAreInTheSameGroup() throws Exception {
        Set<ThreadGroup> groups = new HashSet<>();
        for (int pool = 0; pool < 3; pool++) {
            ExtensionThreads threads = new ExtensionThreads(getClass().getClassLoader(), Times.DEFAULT);
            CompletableFuture<Thread> ran = new CompletableFuture<>();
            threads.execute(() -> {
                groups.add(Thread.currentThread().getThreadGroup());
                ran.complete(Thread.currentThread());
            });
            Thread thread = ran.get(2, TimeUnit.MINUTES);
            threads.close();
            thread.join();
        }
        assertThat(groups).hasSize(1);
    }
}
