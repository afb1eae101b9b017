/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import org.apache.kafka.common.utils.Time;

/** What a task's {@code errors.*} settings have had to do. Any thread. */
public final class ErrorMeter {
    private final Time time;
    private final Tally failures;
    private final Tally errors;
    private final Tally skipped;
    private final Tally retries;
    private final Tally logged;
    private final Tally deadLetters;
    private final Tally deadLetterFailures;
    private volatile long lastErrorMs;

    ErrorMeter(MeterGroup group, Time time) {
        this.time = time;
        this.failures = group.total(ConnectMetric.RECORD_FAILURES);
        this.errors = group.total(ConnectMetric.RECORD_ERRORS);
        this.skipped = group.total(ConnectMetric.RECORDS_SKIPPED);
        this.retries = group.total(ConnectMetric.RETRIES);
        this.logged = group.total(ConnectMetric.ERRORS_LOGGED);
        this.deadLetters = group.total(ConnectMetric.DEAD_LETTERS);
        this.deadLetterFailures = group.total(ConnectMetric.DEAD_LETTER_FAILURES);
        group.whole(ConnectMetric.LAST_ERROR, () -> lastErrorMs);
    }

    /** One try of an operation has failed. */
    public void failed() {
        failures.add(1);
    }

    /** An operation has failed and is not tried again. */
    public void gaveUp() {
        errors.add(1);
        lastErrorMs = time.milliseconds();
    }

    /** A record failed where nothing is tried again: in the task, which gives it back, or on its way to the brokers. */
    public void gaveBack() {
        failures.add(1);
        lastErrorMs = time.milliseconds();
    }

    /** An operation is tried again. */
    public void retried() {
        retries.add(1);
    }

    /** A record is left out. */
    public void skipped() {
        skipped.add(1);
    }

    /** An error is in the log. */
    public void logged() {
        logged.add(1);
    }

    /** A record is sent to the dead letter queue. */
    public void deadLetter() {
        deadLetters.add(1);
    }

    /** It did not get there. */
    public void deadLetterFailed() {
        deadLetterFailures.add(1);
    }
}
