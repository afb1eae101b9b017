/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import io.levada.runtime.config.RestartPolicy;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** What follows a failure, in words: they stand under the stack trace and in {@link FailureReport#advice}. */
final class FailureTexts {
    private FailureTexts() {}

    static String planned(int number, RestartPolicy policy, Instant at) {
        return "Restart " + number + " (" + limit(policy.restartsMax()) + ") follows at " + at(at)
                + "; errors.restart.max=0 turns restarts off.";
    }

    static String trying(FailureReport report, Instant since) {
        return "Restart " + report.attempt() + " (" + limit(report.attemptsMax()) + ") is under way since " + at(since)
                + "; the state stays FAILED until it has proven healthy.";
    }

    static String still(FailureReport report) {
        return "Restart " + report.attempt() + " (" + limit(report.attemptsMax())
                + ") keeps still, as asked; whether it is healthy shows once it runs.";
    }

    static String noMore(RestartPolicy policy) {
        return "No restart follows: errors.restart.max=" + policy.restartsMax()
                + ". A restart by hand or a changed config starts it again.";
    }

    static String fatal(String reason) {
        return "Not retried: " + reason + ". A restart by hand or a changed config starts it again.";
    }

    /** The lines under the trace: how it began, if that was another cause, and what follows. */
    static String belowTrace(FailureReport report) {
        String first = report.firstCause().equals(report.lastCause())
                ? ""
                : "First failed at " + at(report.firstFailedAt()) + ": " + report.firstCause() + "\n";
        return first + report.advice() + "\n";
    }

    private static String limit(int restartsMax) {
        return restartsMax < 0 ? "no limit" : "at most " + restartsMax;
    }

    private static Instant at(Instant instant) {
        return instant.truncatedTo(ChronoUnit.SECONDS);
    }
}
