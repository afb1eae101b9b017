/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.rest.extension.HttpCall;
import io.levada.runtime.rest.extension.HttpReply;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;
import org.junit.jupiter.api.Test;

/** Sixteen requests in a filter that waits, a thousand behind them, and not yet long enough for anybody to take it for one that hangs. */
final class FullHouseTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int THREADS = ExtensionThreads.PLACES;
    private static final int WAITING = 1_000;

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();

    /** A filter that lets nobody by before it is told to. */
    private final class Doorman implements ConnectRestExtension, ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getUriInfo().getPath().equals("slow")) {
                inside.incrementAndGet();
                try {
                    assertThat(open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                            .isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }
        }

        @Override
        public void configure(Map<String, ?> worker) {}

        @Override
        public void register(ConnectRestExtensionContext context) {
            context.configurable().register(this);
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void close() {}
    }

    private static HttpCall call(String path) {
        URI base = URI.create("http://localhost/");
        return new HttpCall("GET", base, base.resolve(path), Map.of(), new byte[0]);
    }

    private static HttpReply answer() {
        return new HttpReply(200, Map.of("Content-Type", List.of("application/json")), new byte[] {'1'});
    }

    @Test
    void oneMoreIsToldToComeAgainAndNoAnswerThatIsThereIsLost() throws Exception {
        ConnectClusterState nothing = (ConnectClusterState) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectClusterState.class}, (proxy, method, given) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        try (JerseyHost host = JerseyHost.open(
                List.of(new Doorman()),
                nothing,
                Set.of("connectors"),
                new ExtensionThreads.Times(PATIENCE, PATIENCE))) {
            CompletableFuture<HttpReply> own = new CompletableFuture<>();
            CountDownLatch asked = new CountDownLatch(1);
            CompletableFuture<HttpReply> first = host.handle(call("connectors"), sent -> {
                        asked.countDown();
                        return own;
                    })
                    .toCompletableFuture();
            assertThat(asked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            List<CompletableFuture<HttpReply>> slow = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                slow.add(host.handle(call("slow"), sent -> CompletableFuture.completedFuture(answer()))
                        .toCompletableFuture());
            }
            await().atMost(PATIENCE).until(() -> inside.get() == THREADS);
            for (int i = 0; i < WAITING; i++) {
                slow.add(host.handle(call("slow"), sent -> CompletableFuture.completedFuture(answer()))
                        .toCompletableFuture());
            }

            HttpReply refused = host.handle(call("slow"), sent -> CompletableFuture.completedFuture(answer()))
                    .toCompletableFuture()
                    .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            own.complete(answer());
            open.countDown();

            assertThat(refused.status()).isEqualTo(503);
            assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).status())
                    .isEqualTo(200);
            for (CompletableFuture<HttpReply> reply : slow) {
                assertThat(reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).status())
                        .isEqualTo(200);
            }
        }
    }
}
