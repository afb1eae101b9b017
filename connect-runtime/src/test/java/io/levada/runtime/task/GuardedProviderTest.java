/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

final class GuardedProviderTest {
    /** As one written in Kotlin, whose methods may throw what they do not declare. */
    private static final class PassesInterruptionsOn implements ConfigProvider {
        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public ConfigData get(String path) {
            return get(path, Set.of());
        }

        @Override
        public ConfigData get(String path, Set<String> keys) {
            PassesInterruptionsOn.<RuntimeException>throwAnything(new InterruptedException("on purpose"));
            return new ConfigData(Map.of());
        }

        @SuppressWarnings("unchecked") // On purpose.
        private static <E extends Throwable> void throwAnything(Throwable failure) throws E {
            throw (E) failure;
        }

        @Override
        public void close() {}
    }

    /** A task that was given up while its provider waited would not know. */
    @Test
    void anInterruptionStaysTheThreads() {
        GuardedProvider provider = new GuardedProvider("p", new PassesInterruptionsOn());

        assertThatThrownBy(() -> provider.get("path", Set.of("key"))).isInstanceOf(ConnectException.class);

        assertThat(Thread.interrupted()).isTrue();
    }
}
