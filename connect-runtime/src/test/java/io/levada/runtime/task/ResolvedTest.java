/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** That no failure tells what a config provider gave. */
final class ResolvedTest {
    private static final Resolved RESOLVED = Resolved.between(
            Map.of(
                    "password",
                    "${file:s:pw}",
                    "url",
                    "db://${file:s:user}@host",
                    "size",
                    "${file:s:n}",
                    "plain",
                    "yes"),
            Map.of("password", "hunter2", "url", "db://scott@host", "size", "10", "plain", "yes"));

    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    @Test
    void aFailureReadsTheSameButForTheSecrets() {
        IllegalStateException cause = new IllegalStateException("scott is not known");
        RuntimeException failure = new RuntimeException("no log-in at db://scott@host with hunter2", cause);
        failure.addSuppressed(new IllegalArgumentException("hunter2 is too short"));

        Throwable told = RESOLVED.hiddenIn(failure);

        assertThat(trace(told))
                .isEqualTo(trace(failure)
                        .replace("db://scott@host", "db://${file:s:user}@host")
                        .replace("scott", "${file:s:user}")
                        .replace("hunter2", "${file:s:pw}"))
                .contains("java.lang.IllegalStateException: ${file:s:user} is not known");
        assertThat(MaskedFailure.original(told)).isSameAs(failure);
    }

    @Test
    void aFailureThatTellsNothingIsKept() {
        RuntimeException failure = new RuntimeException("no log-in: yes");

        assertThat(RESOLVED.hiddenIn(failure)).isSameAs(failure);
        assertThat(Resolved.NOTHING.hiddenIn(failure)).isSameAs(failure);
        assertThat(MaskedFailure.original(failure)).isSameAs(failure);
    }

    @Test
    void causesThatGoInACircleAreToldOnce() {
        RuntimeException first = new RuntimeException("first");
        first.initCause(new RuntimeException("hunter2", first));

        assertThat(trace(RESOLVED.hiddenIn(first)))
                .contains("first", "${file:s:pw}")
                .doesNotContain("hunter2");
    }

    @Test
    void whatIsShortIsHiddenInAnAnswerToTheConfigAlone() {
        assertThat(RESOLVED.hiddenIn("10 is too small")).isEqualTo("${file:s:n} is too small");
        assertThat(RESOLVED.withoutShort().hiddenIn("after 10 s with hunter2"))
                .isEqualTo("after 10 s with ${file:s:pw}");
    }

    @Test
    void theNameOfAClassIsNoSecret() {
        Resolved java = Resolved.between(Map.of("language", "${env:LANGUAGE}"), Map.of("language", "java"));

        assertThat(java.hiddenIn(new RuntimeException("no java")))
                .hasToString("java.lang.RuntimeException: no ${env:LANGUAGE}");
    }
}
