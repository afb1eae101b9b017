/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.plugins.PluginLocation.Tier;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.junit.jupiter.api.Test;

/** Of plugins that hang or fail when all are listed. */
final class ListedVersionsTest {
    private static final CountDownLatch END = new CountDownLatch(1);

    /** Says its version late. */
    public static class Late<R extends ConnectRecord<R>> implements Predicate<R>, Versioned {
        @Override
        public String version() {
            while (END.getCount() > 0) {
                try {
                    END.await();
                } catch (InterruptedException ignored) {
                    // As plugins that hang.
                }
            }
            return "7";
        }

        @Override
        public void configure(Map<String, ?> configs) {}

        @Override
        public boolean test(R record) {
            return false;
        }

        @Override
        public ConfigDef config() {
            return new ConfigDef();
        }

        @Override
        public void close() {}
    }

    /** Cannot say its version. */
    public static final class Failing<R extends ConnectRecord<R>> extends Late<R> {
        @Override
        public String version() {
            throw new Error("on purpose");
        }
    }

    private static FoundPlugin found(Class<?> type) {
        return new FoundPlugin(
                type.getName(), PluginType.PREDICATE, "classpath", Tier.CLASS_PATH, type.getClassLoader());
    }

    @Test
    void oneThatHangsIsListedWithoutAndWithItOnceItAnswers() {
        PluginVersions versions = new PluginVersions(Duration.ofMillis(1));
        FoundPlugin late = found(Late.class);

        assertThat(versions.ofPrompt(late)).isEqualTo("undefined");
        assertThat(versions.ofPrompt(late)).isEqualTo("undefined");

        END.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> versions.ofPrompt(late), "7"::equals);
    }

    @Test
    void oneThatFailsSaysSoEachTime() {
        PluginVersions versions = new PluginVersions(Duration.ofMinutes(1));
        FoundPlugin failing = found(Failing.class);

        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> versions.ofPrompt(failing))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("on purpose");
        }
    }
}
