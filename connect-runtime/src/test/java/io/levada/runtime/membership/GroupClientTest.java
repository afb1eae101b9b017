/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.KeyStore;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import org.apache.kafka.common.security.auth.SslEngineFactory;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GroupClientTest {
    @Test
    void oneThatCannotBeMadeLeavesNothingOpen() {
        Duration same = Duration.ofSeconds(3); // Kafka's coordinator wants heartbeats more often than sessions end.
        GroupSettings impossible = new GroupSettings(
                "g",
                "worker:8083",
                "http://worker:8083/",
                Optional.empty(),
                GroupProtocol.SESSIONED,
                new GroupSettings.Times(same, Duration.ofSeconds(60), same, same, same, same, same));
        Map<String, Object> consumer = Map.of(
                "bootstrap.servers", "localhost:9",
                "security.protocol", "SSL",
                "ssl.engine.factory.class", Engines.class,
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class);

        assertThatThrownBy(() -> GroupMember.open(impossible, consumer, Map.of("bootstrap.servers", "localhost:9")))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(Engines.CONFIGURED).hasPositiveValue();
        assertThat(Engines.CLOSED).hasValue(Engines.CONFIGURED.get());
    }

    /** Belongs to the connections, and is closed with them. */
    public static final class Engines implements SslEngineFactory {
        static final AtomicInteger CONFIGURED = new AtomicInteger();
        static final AtomicInteger CLOSED = new AtomicInteger();

        @Override
        public void configure(Map<String, ?> configs) {
            CONFIGURED.incrementAndGet();
        }

        @Override
        public SSLEngine createClientSslEngine(String peerHost, int peerPort, String endpointIdentification) {
            return engine();
        }

        @Override
        public SSLEngine createServerSslEngine(String peerHost, int peerPort) {
            return engine();
        }

        private static SSLEngine engine() {
            try {
                return SSLContext.getDefault().createSSLEngine();
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public boolean shouldBeRebuilt(Map<String, Object> nextConfigs) {
            return false;
        }

        @Override
        public Set<String> reconfigurableConfigs() {
            return Set.of();
        }

        @Override
        public @Nullable KeyStore keystore() {
            return null;
        }

        @Override
        public @Nullable KeyStore truststore() {
            return null;
        }

        @Override
        public void close() {
            CLOSED.incrementAndGet();
        }
    }
}
