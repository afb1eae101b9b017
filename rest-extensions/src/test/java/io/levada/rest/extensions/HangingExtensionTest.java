/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.rest.extensions.ExtensionThreads.Times;
import io.levada.runtime.rest.extension.HttpCall;
import io.levada.runtime.rest.extension.HttpReply;
import jakarta.annotation.Priority;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.connect.health.ConnectClusterState;
import org.apache.kafka.connect.rest.ConnectRestExtension;
import org.apache.kafka.connect.rest.ConnectRestExtensionContext;
import org.glassfish.jersey.server.ManagedAsync;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests in a filter that does not come back, and those beside them. */
final class HangingExtensionTest {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration AT_ONCE = Duration.ofMillis(10);

    private final CountDownLatch open = new CountDownLatch(1);
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    /** What the first filter was asked about. */
    private final List<String> asked = new CopyOnWriteArrayList<>();
    /** What came behind it. */
    private final List<String> admitted = new CopyOnWriteArrayList<>();

    @AfterEach
    void letGo() {
        open.countDown();
    }

    /** A filter that hangs for some, and takes an interrupt for nothing at all. No priority comes behind its own. */
    @Priority(Integer.MAX_VALUE)
    private final class Doorman implements ConnectRestExtension, ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getUriInfo().getPath().startsWith("slow")) {
                hang();
            } else if (request.getUriInfo().getPath().startsWith("deaf")) {
                inside.incrementAndGet();
                awaitWhateverComes(open);
            }
        }

        @Override
        public void configure(Map<String, ?> worker) {}

        @Override
        public void register(ConnectRestExtensionContext context) {
            context.configurable().register(this);
            context.configurable().register(new Porter());
            context.configurable().register(new Room());
            context.configurable().register(new Hall());
        }

        @Override
        public String version() {
            return "1";
        }

        @Override
        public void close() {}
    }

    /** Hangs before a resource is chosen. */
    @PreMatching
    private final class Porter implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            asked.add(request.getUriInfo().getPath());
            if (request.getUriInfo().getPath().startsWith("early")) {
                hang();
            }
        }
    }

    /** A resource behind it. */
    @Path("/slow-room")
    public final class Room {
        @GET
        public String enter() {
            admitted.add("slow-room");
            return "in";
        }

        @GET
        @Path("aside")
        @ManagedAsync
        public String enterOnAnotherThread() {
            return enter();
        }
    }

    /** Asked for a resource. */
    @Path("/early-room")
    public final class Hall {
        @Path("in")
        public Room choose() {
            admitted.add("early-room");
            return new Room();
        }
    }

    private void hang() {
        inside.incrementAndGet();
        try {
            assertThat(open.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            interrupted.incrementAndGet();
        }
    }

    private JerseyHost host(Times times) {
        ConnectClusterState nothing = (ConnectClusterState) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ConnectClusterState.class}, (proxy, method, given) -> {
                    throw new UnsupportedOperationException(method.getName());
                });
        return JerseyHost.open(List.of(new Doorman()), nothing, Set.of("connectors", "health"), times);
    }

    private CompletableFuture<HttpReply> ask(JerseyHost host, String path) {
        return ask(host, "GET", path);
    }

    private CompletableFuture<HttpReply> ask(JerseyHost host, String method, String path) {
        URI base = URI.create("http://localhost/");
        return host.handle(new HttpCall(method, base, base.resolve(path), Map.of(), new byte[0]), sent -> {
                    admitted.add(path);
                    return CompletableFuture.completedFuture(
                            new HttpReply(200, Map.of("Content-Type", List.of("application/json")), new byte[] {'1'}));
                })
                .toCompletableFuture();
    }

    private static int status(CompletableFuture<HttpReply> reply) throws Exception {
        return reply.get(PATIENCE.toSeconds(), TimeUnit.SECONDS).status();
    }

    @Test
    void othersAreAnsweredWhileFortyHang() throws Exception {
        try (JerseyHost host = host(new Times(AT_ONCE, PATIENCE))) {
            List<CompletableFuture<HttpReply>> hanging =
                    Stream.generate(() -> ask(host, "slow")).limit(40).toList();
            await().atMost(PATIENCE).until(() -> inside.get() == 40);

            assertThat(status(ask(host, "health"))).isEqualTo(200);
            assertThat(status(ask(host, "connectors"))).isEqualTo(200);

            assertThat(admitted).containsExactly("health", "connectors");
            open.countDown();
            for (CompletableFuture<HttpReply> reply : hanging) {
                assertThat(status(reply)).isEqualTo(200);
            }
        }
    }

    @Test
    void whenAllThreadsHangEverybodyIsToldSoAtOnceUntilOneComesBack() throws Exception {
        try (JerseyHost host = host(new Times(AT_ONCE, PATIENCE))) {
            List<CompletableFuture<HttpReply>> hanging = Stream.generate(() -> ask(host, "slow"))
                    .limit(ExtensionThreads.THREADS_MAX)
                    .toList();
            await().atMost(PATIENCE).until(() -> inside.get() == ExtensionThreads.THREADS_MAX);

            await().atMost(PATIENCE).until(() -> status(ask(host, "health")) == 503);

            open.countDown();
            for (CompletableFuture<HttpReply> reply : hanging) {
                assertThat(status(reply)).isEqualTo(200);
            }
            await().atMost(PATIENCE).until(() -> status(ask(host, "health")) == 200);
        }
    }

    @Test
    void aFilterThatIsInterruptedLetsNobodyIn() throws Exception {
        try (JerseyHost host = host(new Times(AT_ONCE, AT_ONCE.multipliedBy(2), () -> 0))) {
            assertThat(status(ask(host, "slow"))).isEqualTo(503);
            assertThat(status(ask(host, "slow-room"))).isEqualTo(503);
            assertThat(status(ask(host, "slow-room/aside"))).isEqualTo(503);
            assertThat(status(ask(host, "early-room/in"))).isEqualTo(503);
        }
        assertThat(interrupted).hasValue(4);
        assertThat(admitted).isEmpty();
    }

    @Test
    void whatWaitedUntilItsClientWasToldThatItFailedIsNotCarriedOut() throws Exception {
        AtomicLong now = new AtomicLong();
        try (JerseyHost host = host(new Times(PATIENCE, PATIENCE, now::get))) {
            List<CompletableFuture<HttpReply>> hanging = Stream.generate(() -> ask(host, "slow"))
                    .limit(ExtensionThreads.PLACES)
                    .toList();
            await().atMost(PATIENCE).until(() -> inside.get() == ExtensionThreads.PLACES);
            CompletableFuture<HttpReply> waiting = ask(host, "DELETE", "connectors/kept");

            now.addAndGet(PATIENCE.toNanos());
            open.countDown();

            assertThat(status(waiting)).isEqualTo(503);
            for (CompletableFuture<HttpReply> reply : hanging) {
                assertThat(status(reply)).isEqualTo(503);
            }
            assertThat(admitted).isEmpty();
            assertThat(asked).hasSize(ExtensionThreads.PLACES).doesNotContain("connectors/kept");
            assertThat(status(ask(host, "health"))).isEqualTo(200);
        }
    }

    @Test
    void nobodyIsLetInBecauseTheWorkerStops() throws Exception {
        CompletableFuture<HttpReply> reply;
        try (JerseyHost host = host(Times.DEFAULT)) {
            reply = ask(host, "slow");
            await().atMost(PATIENCE).until(() -> inside.get() == 1);
        }

        assertThat(status(reply)).isEqualTo(503);
        assertThat(admitted).isEmpty();
    }

    /** Then Jersey is not there any more to make an answer of it. */
    @Test
    void aRequestThatComesBackAfterTheWorkerHasStoppedIsAnsweredAsOthersAreThen() throws Exception {
        CompletableFuture<HttpReply> reply;
        try (JerseyHost host = host(Times.DEFAULT)) {
            reply = ask(host, "deaf");
            await().atMost(PATIENCE).until(() -> inside.get() == 1);
        }
        open.countDown();
        assertThat(status(reply)).isEqualTo(503);
        assertThat(admitted).isEmpty();
    }

    private static void awaitWhateverComes(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                done = latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                done = false; // as those do that take an interrupt for nothing at all
            }
        }
    }
}
