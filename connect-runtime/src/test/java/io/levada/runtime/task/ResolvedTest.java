/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.diagnosis.MaskedFailure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    /** A file that holds nothing but a secret ends in a newline, and ConfigDef takes it away. */
    @Test
    void aValueIsRecognisedWithoutTheBlanksAroundIt() {
        Resolved resolved = Resolved.between(
                Map.of("password", "${dir:/s:pw}", "url", "db://host?pw=${dir:/s:token}"),
                Map.of("password", "  hunter2\n", "url", "db://host?pw=sesame\n"));

        assertThat(resolved.hiddenIn("Login of hunter2 failed")).isEqualTo("Login of ${dir:/s:pw} failed");
        assertThat(resolved.hiddenIn("db://host?pw=sesame: no")).isEqualTo("db://host?pw=${dir:/s:token}: no");
        assertThat(resolved.hiddenIn("token sesame is over")).isEqualTo("token ${dir:/s:token} is over");
        assertThat(trace(resolved.hiddenIn(new RuntimeException("no hunter2")))).doesNotContain("hunter2");
    }

    @Test
    void aValueOfBlanksIsNoSecret() {
        Resolved blank = Resolved.between(
                Map.of("password", "${dir:/s:pw}", "n", "${dir:/s:n}"), Map.of("password", "    \n", "n", "7    \n"));

        assertThat(blank.hiddenIn("a     \nb")).isEqualTo("a     \nb");
        assertThat(blank.withoutShort().hiddenIn("7    \n")).isEqualTo("7    \n");
    }

    @Test
    void whatSaysNothingOfItselfIsToldByItsClass() {
        RuntimeException failure = new RuntimeException(new Odd(() -> null, new RuntimeException("hunter2")));

        assertThat(trace(RESOLVED.hiddenIn(failure)))
                .contains(Odd.class.getName(), "${file:s:pw}")
                .doesNotContain("hunter2");
    }

    @Test
    void whatThrowsWhenItIsAskedIsToldAllTheSame() {
        RuntimeException failure = new RuntimeException(
                "outer",
                new Odd(
                        () -> {
                            throw new UnsupportedOperationException("hunter2");
                        },
                        null));

        assertThat(trace(RESOLVED.hiddenIn(failure)))
                .contains(
                        Odd.class.getName() + ", whose message cannot be had (java.lang.UnsupportedOperationException)")
                .doesNotContain("hunter2");
    }

    @Test
    void aMessageThatIsNotInTheTextIsLoggedAllTheSameAndThereforeHidden() {
        RuntimeException failure = new RuntimeException("no log-in with hunter2") {
            private static final long serialVersionUID = 1;

            @Override
            @SuppressWarnings("OverrideThrowableToString") // As plugins do.
            public String toString() {
                return "error 7";
            }
        };

        assertThat(RESOLVED.hiddenIn(failure)).hasMessage("error 7");
    }

    @Test
    void moreCausesThanAStackHoldsAreHiddenToo() {
        RuntimeException failure = new RuntimeException("the last in has hunter2");
        for (int i = 0; i < 50_000; i++) {
            failure = new RuntimeException("number " + i, failure);
        }

        Throwable told = FailureText.tellable(RESOLVED.hiddenIn(new RuntimeException("hunter2", failure)));

        assertThat(trace(told))
                .contains("${file:s:pw}")
                .doesNotContain("hunter2")
                .hasSizeLessThan(100_000);
    }

    /** Its cause is not what it prints, so that no message has the secret. */
    @Test
    void whatAFailurePrintsBesideItsCausesIsHidden() {
        Nesting failure = new Nesting(new IllegalStateException("no log-in with hunter2"));

        Throwable told = RESOLVED.withoutShort().hiddenIn(failure);

        assertThat(trace(told))
                .startsWith(Nesting.class.getName() + ": outer")
                .contains("Nested: java.lang.IllegalStateException: no log-in with ${file:s:pw}")
                .doesNotContain("hunter2");
        assertThat(trace(FailureText.tellable(told))).isEqualTo(trace(told));
        assertThat(trace(RESOLVED.withoutShort().hiddenIn(told))).isEqualTo(trace(told));
        assertThat(MaskedFailure.original(told)).isSameAs(failure);
    }

    @Test
    void whatAFailurePrintsBesideItsCausesIsToldAsItIsIfItTellsNothing() {
        Nesting failure = new Nesting(new IllegalStateException("no log-in"));

        assertThat(trace(RESOLVED.withoutShort().hiddenIn(failure))).isEqualTo(trace(failure));
    }

    @Test
    void whatJavaTellsItselfIsKeptIfItTellsNothing() {
        Exception failure = new InvocationTargetException(new NoSuchFileException("/a/b", null, "gone"), "not called");

        assertThat(RESOLVED.hiddenIn(failure)).isSameAs(failure);
    }

    /** What is found harmless once is asked for again by logs and statuses, and each of them asks for something else. */
    @ParameterizedTest
    @EnumSource
    void whatAFailureSaysOnlyLaterIsNotTold(Changing.Part part) {
        for (int harmless = 0; harmless < 20; harmless++) {
            Throwable told = FailureText.tellable(
                    RESOLVED.withoutShort().hiddenIn(new ConnectException("outer", new Changing(part, harmless))));

            for (int again = 0; again < 20; again++) {
                assertThat(FailureText.trace(told)).contains(Changing.class.getName());
                assertThat(everythingOf(told)).contains("outer").doesNotContain("hunter2");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatAFailureSaysOnlyLaterOfItselfIsNotTold(Changing.Part part) {
        for (int harmless = 0; harmless < 20; harmless++) {
            Throwable told = FailureText.tellable(RESOLVED.withoutShort().hiddenIn(new Changing(part, harmless)));

            for (int again = 0; again < 20; again++) {
                assertThat(everythingOf(told))
                        .contains(Changing.class.getName())
                        .doesNotContain("hunter2");
            }
        }
    }

    /** What any logger, or what writes a trace, can ask. */
    private static String everythingOf(Throwable failure) {
        StringBuilder all = new StringBuilder(FailureText.trace(failure));
        for (Throwable next = failure; next != null; next = next.getCause()) {
            all.append(next)
                    .append(next.getMessage())
                    .append(next.getLocalizedMessage())
                    .append(Arrays.toString(next.getStackTrace()));
        }
        return all.toString();
    }

    /** Says what it knows when it is asked for one of its parts again and again. */
    private static final class Changing extends RuntimeException {
        private static final long serialVersionUID = 1;

        private enum Part {
            MESSAGE,
            LOCALIZED,
            TEXT,
            CAUSE,
            FRAMES,
            NO_FRAMES,
            PRINTED
        }

        private final Part part;
        private int harmless;

        private Changing(Part part, int harmless) {
            super("no log-in");
            this.part = part;
            this.harmless = harmless;
        }

        private boolean tells(Part asked) {
            return part == asked && harmless-- <= 0;
        }

        @Override
        public String getMessage() {
            return tells(Part.MESSAGE) ? "hunter2" : String.valueOf(super.getMessage());
        }

        @Override
        public String getLocalizedMessage() {
            return tells(Part.LOCALIZED) ? "hunter2" : getMessage();
        }

        @Override
        public String toString() {
            return tells(Part.TEXT) ? getClass().getName() + " with hunter2" : super.toString();
        }

        @Override
        public synchronized @Nullable Throwable getCause() {
            return tells(Part.CAUSE) ? new IllegalStateException("no hunter2") : super.getCause();
        }

        @Override
        public StackTraceElement @Nullable [] getStackTrace() {
            if (tells(Part.NO_FRAMES)) {
                return null;
            }
            return tells(Part.FRAMES)
                    ? new StackTraceElement[] {new StackTraceElement("script", "run", "hunter2", 1)}
                    : super.getStackTrace();
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            super.printStackTrace(out);
            if (tells(Part.PRINTED)) {
                out.print("hunter2");
            }
        }
    }

    @Test
    void aFailureThatCannotBePrintedIsToldByItsMessages() {
        Nesting failure = new Nesting(new IllegalStateException("no log-in with hunter2 " + "x".repeat(1_000_000)));

        assertThat(trace(RESOLVED.hiddenIn(failure)))
                .startsWith(Nesting.class.getName() + ": outer")
                .doesNotContain("hunter2", "xxx");
    }

    /** As exceptions from before Java had causes do. */
    private static final class Nesting extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final Throwable nested;

        private Nesting(Throwable nested) {
            super("outer");
            this.nested = nested;
        }

        @Override
        public void printStackTrace(PrintWriter out) {
            super.printStackTrace(out);
            out.print("Nested: ");
            nested.printStackTrace(out);
        }
    }

    @Test
    void theNameOfAClassIsNoSecret() {
        Resolved java = Resolved.between(Map.of("language", "${env:LANGUAGE}"), Map.of("language", "java"));

        assertThat(java.hiddenIn(new RuntimeException("no java")))
                .hasToString("java.lang.RuntimeException: no ${env:LANGUAGE}");
    }

    /** Answers as it is told. */
    private static final class Odd extends RuntimeException {
        private static final long serialVersionUID = 1;

        private final transient Supplier<String> text;

        private Odd(Supplier<String> text, @Nullable Throwable cause) {
            super(cause);
            this.text = text;
        }

        @Override
        public String getMessage() {
            return text.get();
        }

        @Override
        public String toString() {
            return text.get();
        }
    }
}
