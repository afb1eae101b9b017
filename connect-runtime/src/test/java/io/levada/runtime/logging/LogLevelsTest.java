/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import io.levada.runtime.logging.LogLevels.LoggerLevel;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Loggers as REST lists and sets them, in a Logback of their own. */
final class LogLevelsTest {
    private final LoggerContext context = new LoggerContext();
    private Instant now = Instant.ofEpochMilli(1_000);
    private final LogLevels levels = new LogLevels(context, () -> now);

    LogLevelsTest() {
        context.getLogger("ROOT").setLevel(Level.WARN);
    }

    @Test
    void aLoggerThatIsOffIsNotListed() {
        levels.set("a.loud", "DEBUG");
        levels.set("a.silent", "OFF");

        assertThat(levels.all()).containsOnlyKeys("root", "a", "a.loud");
        assertThat(levels.of("a.silent"))
                .hasValueSatisfying(level -> assertThat(level.level()).isEqualTo("OFF"));
    }

    @Test
    void whatNobodyHasSetWasNeverModified() {
        context.getLogger("a");

        assertThat(levels.of("a")).contains(new LoggerLevel("WARN", null));
        assertThat(levels.of("b")).isEmpty();
    }

    @Test
    void itIsModifiedWhenItsLevelBecomesAnother() {
        assertThat(levels.set("a", "DEBUG")).containsExactly("a");
        now = Instant.ofEpochMilli(2_000);
        assertThat(levels.set("a", "debug")).isEmpty();
        assertThat(levels.of("a")).contains(new LoggerLevel("DEBUG", 1_000L));

        assertThat(levels.set("a", "TRACE")).containsExactly("a");

        assertThat(levels.of("a")).contains(new LoggerLevel("TRACE", 2_000L));
    }

    @Test
    void allBelowALoggerFollowIt() {
        levels.set("a.b", "ERROR");
        now = Instant.ofEpochMilli(2_000);

        assertThat(levels.set("a", "INFO")).containsExactly("a", "a.b");

        assertThat(levels.of("a.b")).contains(new LoggerLevel("INFO", 2_000L));
        assertThat(levels.of("root")).contains(new LoggerLevel("WARN", null));
    }

    @Test
    void theRootIsSetByItsNameInAnyCase() {
        context.getLogger("a");

        assertThat(levels.set("ROOT", "FATAL")).containsExactly("a", "root");

        assertThat(levels.of("root")).contains(new LoggerLevel("ERROR", 1_000L));
        assertThat(levels.of("a")).contains(new LoggerLevel("ERROR", 1_000L));
    }
}
