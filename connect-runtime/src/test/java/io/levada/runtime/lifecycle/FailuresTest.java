/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.task.Resolved;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

class FailuresTest {
    @Test
    void whatCanBeToldIsToldAsItIs() {
        Throwable failure = new IllegalStateException("no", new IllegalArgumentException("why"));

        assertThat(FailureText.tellable(failure)).isSameAs(failure);
    }

    @Test
    void aMessageThatThrowsIsSaidToDoSo() {
        Throwable failure = new IllegalStateException() {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage() {
                throw new UnsupportedOperationException("not here");
            }
        };

        assertThat(FailureText.trace(FailureText.tellable(failure)))
                .contains(failure.getClass().getName() + ", whose message cannot be had")
                .contains("FailuresTest.aMessageThatThrows");
    }

    @Test
    void aMessageThatNoRecordHoldsIsCut() {
        Throwable told = FailureText.tellable(new IllegalStateException("first " + "x".repeat(20_000_000)));

        assertThat(FailureText.trace(told))
                .contains("java.lang.IllegalStateException: first xxx")
                .hasSizeLessThan(20_000);
    }

    @Test
    void ofACauseDeeperThanTheStackFirstAndLastAreTold() {
        Throwable failure = new RetriableException("the first");
        for (int i = 0; i < 50_000; i++) {
            failure = new IllegalStateException("number " + i, failure);
        }
        Throwable deep = new RetriableException("the last", failure);

        Throwable told = FailureText.tellable(deep);

        assertThat(KnownFailure.of(told).mayPass()).isTrue();
        assertThat(FailureText.trace(told)).contains("the last").hasSizeLessThan(20_000);
    }

    /** A key of some kilobytes may begin before the place where a message is cut, and end behind it. */
    @Test
    void aSecretIsHiddenBeforeItsMessageIsCut() {
        String key = "-----BEGIN PRIVATE KEY-----" + "MIIE".repeat(500);
        Resolved resolved = Resolved.between(Map.of("key", "${file:s:key}"), Map.of("key", key));
        Throwable failure = new IllegalStateException("no key: " + key + "x".repeat(1_000_000));

        Throwable told = Failures.told(failure, null, resolved);

        assertThat(FailureText.trace(told)).contains("no key: ${file:s:key}xxx").doesNotContain("PRIVATE KEY");
        assertThat(told).hasToString(told.getMessage());
    }

    /** What follows is decided on the class, whatever the trace has become. */
    @Test
    void aFailureThatIsTooLongIsJudgedAsWhatItIs() {
        Resolved resolved = Resolved.between(Map.of("a", "${file:" + "s".repeat(300) + ":a}"), Map.of("a", "abcd"));
        Throwable longByReferences = new ConfigException("abcd".repeat(1_000));

        Throwable told = Failures.told(longByReferences, null, resolved);

        assertThat(FailureText.trace(told)).hasSizeLessThan(20_000).contains(ConfigException.class.getName());
        assertThat(FatalCause.of(KnownFailure.of(told), Map.of())).isPresent();
        Throwable longByItself = Failures.told(new ConfigException("x".repeat(1_000_000)), null, resolved);
        assertThat(FatalCause.of(KnownFailure.of(longByItself), Map.of())).isPresent();
    }

    @Test
    void aFailureThatThrowsWhateverItIsAskedIsTold() {
        Resolved resolved = Resolved.between(Map.of("a", "${file:s:a}"), Map.of("a", "secret"));

        for (Resolved known : List.of(resolved, Resolved.NOTHING)) {
            Throwable told = Failures.told(new Mute(), "my.Connector", known);

            assertThat(FailureText.trace(told))
                    .contains(Mute.class.getName(), "whose message cannot be had")
                    .doesNotContain("secret");
            assertThat(KnownFailure.of(told).mayPass()).isTrue();
            assertThat(FatalCause.of(KnownFailure.of(told), Map.of())).isEmpty();
        }
    }

    private static final class Mute extends RetriableException {
        private static final long serialVersionUID = 1L;

        private Mute() {
            super("secret");
        }

        @Override
        public String getMessage() {
            throw new IllegalStateException("secret");
        }

        @Override
        public synchronized Throwable getCause() {
            throw new IllegalStateException("secret");
        }

        @Override
        public StackTraceElement[] getStackTrace() {
            throw new IllegalStateException("secret");
        }

        @Override
        public String toString() {
            throw new IllegalStateException("secret");
        }
    }
}
