/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.connectors.HostileException;
import io.levada.runtime.logging.LoggedLines;
import io.levada.runtime.metrics.ErrorMeter;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.task.errors.FailurePolicy.Outcome;
import io.levada.runtime.task.errors.FailurePolicy.Subject;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of a record that a converter or transform does not take (KIP-298), by a clock that is moved by hand. */
final class FailurePolicyTest {
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final WorkerMeters meters = WorkerMeters.overJmx("failure-policy-test:" + NUMBER.incrementAndGet());
    private final TaskId id = new ConnectorName("c").task(0);
    private final ErrorMeter meter = meters.begin(id, ConnectorType.SINK).errors();
    private final List<CompletableFuture<Void>> reports = new ArrayList<>();
    private final Waits clock = new Waits();
    private final LoggedLines log = LoggedLines.of(LogReporter.class);
    private int tries;

    @AfterEach
    void close() {
        log.close();
        meters.close();
    }

    /** Time passes only while somebody waits. */
    private static final class Waits implements RetryClock {
        private final List<Duration> waits = new ArrayList<>();
        private long nanos = -5; // As it may be: only differences count.
        private int untilStop = Integer.MAX_VALUE;

        @Override
        public long nanos() {
            return nanos;
        }

        @Override
        public boolean await(Duration delay) {
            waits.add(delay);
            nanos += delay.toNanos();
            return waits.size() >= untilStop;
        }
    }

    private FailurePolicy policy(String... keysAndValues) {
        Map<String, @Nullable String> config = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            config.put(keysAndValues[i], keysAndValues[i + 1]);
        }
        ErrorSettings settings = ErrorSettings.from(config, true);
        return new FailurePolicy(
                id, settings, Reports.ofSource(settings, UnaryOperator.identity(), meter), clock, reports::add, meter);
    }

    private Outcome<String> run(FailurePolicy policy, Operation<String> step) throws InterruptedException {
        ConsumerRecord<byte[], byte[]> consumed = new ConsumerRecord<>(
                "t",
                0,
                7,
                1_700_000_000_000L,
                TimestampType.CREATE_TIME,
                -1,
                -1,
                "key of a person".getBytes(UTF_8),
                "secret of a person".getBytes(UTF_8),
                new RecordHeaders(),
                Optional.empty());
        return policy.run(
                Stage.VALUE_CONVERTER,
                "acme.Converter",
                new Subject(() -> "the record at t-0 offset 7", consumed),
                () -> {
                    tries++;
                    return step.run();
                });
    }

    private static Operation<String> failing(Throwable failure) {
        return () -> throwAnything(failure);
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // On purpose: as plugins in Scala and Kotlin do.
    private static <E extends Throwable> String throwAnything(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void aFailureEndsTheTaskUnlessToleratedAndNamesTheRecord() {
        assertThatThrownBy(() -> run(policy(), failing(new DataException("no date"))))
                .isInstanceOf(RecordFailedException.class)
                .hasMessageContaining("acme.Converter")
                .hasMessageContaining("t-0 offset 7")
                .hasMessageContaining("no date");
        assertThat(tries).isEqualTo(1);
    }

    @Test
    void aToleratedFailureSkipsTheRecordAndTheReportIsWaitedFor() throws InterruptedException {
        Outcome<String> outcome = run(policy("errors.tolerance", "all"), failing(new DataException("no date")));

        assertThat(outcome.skipped()).isTrue();
        assertThat(reports).hasSize(1);
    }

    @Test
    void aCheckedExceptionIsToleratedLikeAnyOther() throws InterruptedException {
        FailurePolicy policy = policy("errors.tolerance", "all");

        assertThat(run(policy, failing(new IOException("disk gone"))).skipped()).isTrue();
    }

    @Test
    void anErrorIsNot() {
        FailurePolicy policy = policy("errors.tolerance", "all");

        assertThatThrownBy(() -> run(policy, failing(new NoClassDefFoundError("acme/Gone"))))
                .isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void anInterruptionIsPassedOnAndSkipsNothing() {
        FailurePolicy policy = policy("errors.tolerance", "all");

        assertThatThrownBy(() -> run(policy, failing(new InterruptedException())))
                .isInstanceOf(InterruptedException.class);
        assertThat(reports).isEmpty();
    }

    @Test
    void whatMayPassIsTriedAgainUntilTheTimeIsOver() {
        FailurePolicy policy = policy("errors.retry.timeout", "10000");

        assertThatThrownBy(() -> run(policy, failing(new RetriableException("not yet"))))
                .isInstanceOf(RecordFailedException.class)
                .hasMessageContaining("after " + tries + " attempts");

        assertThat(clock.waits.stream().mapToLong(Duration::toMillis).sum()).isEqualTo(10_000);
        assertThat(tries).isEqualTo(clock.waits.size() + 1);
    }

    @Test
    void whatPassesInTimeIsTaken() throws InterruptedException {
        FailurePolicy policy = policy("errors.retry.timeout", "10000");

        Outcome<String> outcome =
                run(policy, () -> tries < 3 ? throwAnything(new RetriableException("not yet")) : "ok");

        assertThat(outcome).isEqualTo(new Outcome<>(false, "ok"));
    }

    @Test
    void withoutATimeoutNothingIsTriedAgainAndWhatCannotPassNever() {
        assertThatThrownBy(() -> run(policy(), failing(new RetriableException("not yet"))))
                .isInstanceOf(RecordFailedException.class);
        assertThatThrownBy(() -> run(policy("errors.retry.timeout", "-1"), failing(new DataException("no date"))))
                .isInstanceOf(RecordFailedException.class);
        assertThat(clock.waits).isEmpty();
    }

    @Test
    void minusOneTriesForEver() throws InterruptedException {
        FailurePolicy policy = policy("errors.retry.timeout", "-1", "errors.retry.delay.max.ms", "3600000");

        Outcome<String> outcome =
                run(policy, () -> tries < 1_000 ? throwAnything(new RetriableException("not yet")) : "ok");

        assertThat(outcome.result()).isEqualTo("ok");
        assertThat(Duration.ofNanos(clock.nanos)).isGreaterThan(Duration.ofDays(10));
    }

    @Test
    void theDelayDoublesFrom300MsUpToItsMaximumLessAShareByChance() {
        FailurePolicy policy = policy("errors.retry.timeout", "-1", "errors.retry.delay.max.ms", "2000");
        clock.untilStop = 6;

        assertThatThrownBy(() -> run(policy, failing(new RetriableException("not yet"))))
                .isInstanceOf(InterruptedException.class);

        long[] full = {300, 600, 1_200, 2_000, 2_000, 2_000};
        for (int i = 0; i < full.length; i++) {
            assertThat(clock.waits.get(i).toMillis()).as("wait " + (i + 1)).isBetween(full[i] / 2, full[i]);
        }
    }

    @Test
    void aMaximumBelowZeroIsNoReasonToFail() throws InterruptedException {
        FailurePolicy policy = policy("errors.retry.timeout", "-1", "errors.retry.delay.max.ms", "-1");

        assertThat(run(policy, () -> tries < 2 ? throwAnything(new RetriableException("not yet")) : "ok")
                        .result())
                .isEqualTo("ok");
    }

    @Test
    void aStopEndsTheWaitAndTheRecordIsNotSkipped() {
        FailurePolicy policy = policy("errors.retry.timeout", "-1", "errors.tolerance", "all");
        clock.untilStop = 1;

        assertThatThrownBy(() -> run(policy, failing(new RetriableException("not yet"))))
                .isInstanceOf(InterruptedException.class)
                .hasMessageContaining("c-0");

        assertThat(tries).isEqualTo(1);
        assertThat(reports).isEmpty();
    }

    @Test
    void theLogSaysWhatFailedAndNothingOfTheRecord() throws InterruptedException {
        var unused = run(
                policy("errors.tolerance", "all", "errors.log.enable", "true"), failing(new DataException("no date")));

        assertThat(logged()).contains("record skipped", "VALUE_CONVERTER", "acme.Converter", "no date");
        assertThat(logged()).doesNotContain("offset 7", "of a person");
    }

    @Test
    void withMessagesTheLogSaysWhereTheRecordIs() throws InterruptedException {
        var unused = run(
                policy("errors.tolerance", "all", "errors.log.enable", "true", "errors.log.include.messages", "true"),
                failing(new DataException("no date")));

        assertThat(logged())
                .contains("t-0 offset 7")
                .contains("timestamp=\"1700000000000\"")
                .doesNotContain("of a person");
    }

    @Test
    void nothingIsLoggedUnlessAskedFor() throws InterruptedException {
        var unused = run(policy("errors.tolerance", "all"), failing(new DataException("no date")));

        assertThat(log.texts()).isEmpty();
    }

    @Test
    void aRecordThatATaskGivesBackEndsItUnlessTolerated() {
        Failure failure = new Failure(
                id, Stage.TASK_PUT, "acme.Sink", "the record at t-0 offset 7", null, new IOException("no"), 1);

        assertThatThrownBy(() -> policy().tolerate(failure)).isInstanceOf(ConnectException.class);
        assertThat(policy("errors.tolerance", "all").tolerate(failure)).isCompleted();
        assertThat(reports).hasSize(1);
    }

    /** However its class answers, one record is the matter, and what can be told of it is told. */
    @ParameterizedTest
    @EnumSource(HostileException.Kind.class)
    void anExceptionThatCannotBeToldIsToleratedLikeAnyOther(HostileException.Kind kind) throws InterruptedException {
        FailurePolicy policy = policy("errors.tolerance", "all", "errors.log.enable", "true");

        assertThat(run(policy, failing(new HostileException(kind))).skipped()).isTrue();

        assertThat(reports)
                .singleElement()
                .satisfies(report -> assertThat(report).isCompleted());
        assertThat(log.texts()).hasSize(1);
        assertThat(logged()).contains("record skipped", HostileException.class.getName());
        assertThat(logged().length()).isLessThan(400_000);
    }

    @ParameterizedTest
    @EnumSource(HostileException.Kind.class)
    void anExceptionThatCannotBeToldEndsTheTaskWithItsClassIfNothingIsTolerated(HostileException.Kind kind) {
        assertThatThrownBy(() -> run(policy(), failing(new HostileException(kind))))
                .isInstanceOf(RecordFailedException.class)
                .hasMessageContaining(HostileException.class.getName())
                .hasMessageContaining("t-0 offset 7");
    }

    @ParameterizedTest
    @EnumSource(HostileException.Kind.class)
    void theHeadersOfADeadLetterTellWhatCanBeToldAndFitIntoTheirTopic(HostileException.Kind kind) {
        Map<String, String> headers = headers(new HostileException(kind));

        assertThat(headers)
                .containsEntry("exception.class.name", HostileException.class.getName())
                .containsEntry("stage", "KEY_CONVERTER");
        assertThat(headers.get("exception.stacktrace")).contains(HostileException.class.getName());
        assertThat(headers.values().stream().mapToInt(String::length).sum()).isLessThan(400_000);
    }

    @Test
    void theHeadersOfADeadLetterHaveMessageAndTraceAsTheyAre() {
        Map<String, String> headers = headers(new DataException("no date", new IOException("why")));

        assertThat(headers)
                .containsEntry("exception.class.name", DataException.class.getName())
                .containsEntry("exception.message", "no date");
        assertThat(headers.get("exception.stacktrace"))
                .startsWith(DataException.class.getName() + ": no date")
                .contains("Caused by: java.io.IOException: why");
    }

    @Test
    void anExceptionWithoutMessageHasAHeaderWithoutValue() {
        Headers headers = new RecordHeaders();

        DeadLetterHeaders.addTo(headers, dead(new DataException((String) null)));

        assertThat(headers.lastHeader("__connect.errors.exception.message").value())
                .isNull();
    }

    private Failure dead(Throwable cause) {
        return new Failure(id, Stage.KEY_CONVERTER, "acme.Converter", "the record at t-0 offset 7", null, cause, 1);
    }

    /** By their names without the prefix. */
    private Map<String, String> headers(Throwable cause) {
        return headers(dead(cause));
    }

    private static Map<String, String> headers(Failure failure) {
        Headers headers = new RecordHeaders();
        DeadLetterHeaders.addTo(headers, failure);
        Map<String, String> texts = new HashMap<>();
        headers.forEach(header ->
                texts.put(header.key().substring("__connect.errors.".length()), new String(header.value(), UTF_8)));
        return texts;
    }

    /** Whatever it says when a reporter asks again. */
    @Test
    void noReportQuotesWhatIsHidden() throws InterruptedException {
        List<Failure> heard = new ArrayList<>();
        FailureReporter listening = new FailureReporter() {
            @Override
            public CompletableFuture<Void> report(Failure failure) {
                heard.add(failure);
                return CompletableFuture.completedFuture(null);
            }

            @Override
            public void close() {}
        };
        FailurePolicy policy = new FailurePolicy(
                id,
                ErrorSettings.from(Map.of("errors.tolerance", "all"), true),
                new Reports(
                        List.of(new LogReporter(true, meter), listening),
                        text -> text.replace("hunter2", "${file:s:p}")),
                clock,
                reports::add,
                meter);
        Throwable quoting =
                new DataException("no login as hunter2", new IOException("hunter2" + "x".repeat(20_000_000)));

        for (Throwable failure : List.of(new SaysMoreLater(), quoting)) {
            var unused = policy.run(
                    Stage.TRANSFORMATION,
                    "acme.hunter2",
                    new Subject(() -> "the record for topic t at source partition {url=hunter2}", null),
                    failing(failure));
        }

        assertThat(logged()).contains("${file:s:p}").doesNotContain("hunter2");
        assertThat(heard).hasSize(2).allSatisfy(failure -> {
            assertThat(headers(failure).values())
                    .isNotEmpty()
                    .allSatisfy(header -> assertThat(header).doesNotContain("hunter2"));
            assertThat(failure.describe()).doesNotContain("hunter2");
        });
        assertThat(headers(heard.get(0)))
                .containsEntry("exception.class.name", SaysMoreLater.class.getName())
                .containsEntry("exception.message", "harmless");
    }

    /** Quotes a secret once it has been looked at often enough to be taken for harmless. */
    private static final class SaysMoreLater extends DataException {
        private static final long serialVersionUID = 1;
        private int asked;

        private SaysMoreLater() {
            super("harmless");
        }

        @Override
        public String getMessage() {
            return ++asked <= 3 ? "harmless" : "hunter2";
        }
    }

    private String logged() {
        return String.join("\n", log.texts());
    }
}
