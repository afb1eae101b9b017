/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.levada.runtime.plugins.PluginLocation.Tier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.components.Versioned;
import org.apache.kafka.connect.connector.ConnectRecord;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.transforms.predicates.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Of plugins that hang or fail when all are listed. */
final class ListedVersionsTest {
    private static final PluginVersions.Patience PATIENCE =
            new PluginVersions.Patience(Duration.ofDays(2), Duration.ofDays(1));

    /** Closed anew for each test. */
    private static volatile CountDownLatch end = new CountDownLatch(1);

    private final List<Duration> waited = new ArrayList<>();

    /** Says its version late. */
    public static class Late<R extends ConnectRecord<R>> implements Predicate<R>, Versioned {
        @Override
        public String version() {
            while (end.getCount() > 0) {
                try {
                    end.await();
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

    /** Another one. */
    public static final class LateToo<R extends ConnectRecord<R>> extends Late<R> {}

    /** And one more. */
    public static final class AlsoLate<R extends ConnectRecord<R>> extends Late<R> {}

    /** Cannot say its version. */
    public static final class Failing<R extends ConnectRecord<R>> extends Late<R> {
        @Override
        public String version() {
            throw new Error("on purpose");
        }
    }

    @BeforeEach
    void hang() {
        end = new CountDownLatch(1);
    }

    @AfterEach
    void letGo() {
        end.countDown();
    }

    private static FoundPlugin found(Class<?> type) {
        return new FoundPlugin(
                type.getName(), PluginType.PREDICATE, "classpath", Tier.CLASS_PATH, type.getClassLoader());
    }

    private <A> A inVain(CompletableFuture<A> answer, Duration timeMax) throws TimeoutException {
        assertThat(answer).isNotDone();
        waited.add(timeMax);
        throw new TimeoutException();
    }

    @Test
    void oneThatHangsIsListedWithoutAndWithItOnceItAnswers() {
        PluginVersions versions = new PluginVersions(PATIENCE, this::inVain);
        FoundPlugin late = found(Late.class);

        for (int list = 0; list < 3; list++) {
            assertThat(versions.listing().of(late)).isEqualTo("undefined");
        }
        assertThat(waited).containsExactly(PATIENCE.first());

        end.countDown();
        await().atMost(Duration.ofMinutes(1)).until(() -> versions.listing().of(late), "7"::equals);
    }

    @Test
    void whereOneHangsTheOthersOfTheListAreWaitedForOnlyALittle() {
        PluginVersions.Listing listing = new PluginVersions(PATIENCE, this::inVain).listing();

        for (Class<?> type : List.of(Late.class, LateToo.class, AlsoLate.class)) {
            assertThat(listing.of(found(type))).isEqualTo("undefined");
        }

        assertThat(waited).containsExactly(PATIENCE.first(), PATIENCE.further(), PATIENCE.further());
    }

    @Test
    void oneThatFailsSaysSoEachTime() {
        PluginVersions versions = new PluginVersions(PATIENCE, ApartQuestions::inRealTime);
        FoundPlugin failing = found(Failing.class);

        for (int time = 0; time < 2; time++) {
            assertThatThrownBy(() -> versions.listing().of(failing))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("on purpose");
        }
    }
}
