/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.ConnectorType;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.WorkerMeters;
import io.levada.runtime.task.Resolved;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.errors.ErrorSettings;
import io.levada.runtime.task.errors.FailurePolicy;
import io.levada.runtime.task.errors.Reports;
import io.levada.runtime.task.errors.Stage;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.connect.errors.DataException;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

final class FatalCauseTest {
    private static boolean isFatal(Throwable failure) {
        return FatalCause.of(KnownFailure.of(failure), Map.of()).isPresent();
    }

    private static Throwable atStage(Stage stage, RuntimeException cause) {
        TaskId task = new ConnectorName("c").task(0);
        try (WorkerMeters meters = WorkerMeters.overJmx("localhost:0")) {
            FailurePolicy policy = new FailurePolicy(
                    task,
                    ErrorSettings.from(Map.of(), true),
                    new Reports(List.of(), UnaryOperator.identity()),
                    new TaskControl(false),
                    report -> {},
                    meters.begin(task, ConnectorType.SINK).errors());
            policy.run(stage, "plugin", new FailurePolicy.Subject(() -> "a record", null), () -> {
                throw cause;
            });
        } catch (RuntimeException | InterruptedException e) {
            return e;
        }
        throw new AssertionError("it was tolerated");
    }

    @Test
    void aConfigThatMakesNoSenseStays() {
        assertThat(isFatal(new org.apache.kafka.connect.errors.ConnectException(
                        "cannot start", new ConfigException("flush.size", "x", "no number"))))
                .isTrue();
    }

    @Test
    void aConfigWhoseValuesComeFromElsewhereMayBeAnotherTomorrow() {
        assertThat(FatalCause.of(KnownFailure.of(new ConfigException("no")), Map.of("password", "${file:/s:p}")))
                .isEmpty();
    }

    @Test
    void anUnknownHostPassesAlthoughAClientCallsItAConfigError() {
        assertThat(isFatal(new KafkaException(
                        "Failed to construct kafka consumer", new ConfigException("No resolvable bootstrap urls"))))
                .isFalse();
        ConfigException overTheNet = new ConfigException("cannot list tables");
        overTheNet.initCause(new UnknownHostException("db"));
        assertThat(isFatal(overTheNet)).isFalse();
    }

    @Test
    void aMissingClassStays() {
        assertThat(isFatal(new NoClassDefFoundError("com/acme/Driver"))).isTrue();
        assertThat(isFatal(new RuntimeException(new ClassNotFoundException("com.acme.Driver"))))
                .isTrue();
    }

    @Test
    void whatTellsNoSecretIsJudgedAsWhatItStandsFor() {
        Resolved resolved = Resolved.between(Map.of("table", "${file:s:t}"), Map.of("table", "secret_table"));

        assertThat(isFatal(resolved.hiddenIn(new NoClassDefFoundError("secret_table"))))
                .isTrue();
        assertThat(KnownFailure.of(resolved.hiddenIn(new RetriableException("secret_table is locked")))
                        .mayPass())
                .isTrue();
    }

    @Test
    void aRecordThatAConverterCannotReadStays() {
        assertThat(isFatal(atStage(
                        Stage.VALUE_CONVERTER,
                        new DataException(
                                "no JSON", new SerializationException(new IllegalArgumentException("at 1"))))))
                .isTrue();
    }

    @Test
    void aRecordWhoseSchemaCouldNotBeFetchedPasses() {
        assertThat(isFatal(atStage(
                        Stage.VALUE_CONVERTER,
                        new DataException("no schema", new SerializationException(new ConnectException("refused"))))))
                .isFalse();
        assertThat(isFatal(atStage(Stage.VALUE_CONVERTER, new RetriableException("busy"))))
                .isFalse();
    }

    @Test
    void aRecordThatTheTaskItselfCannotTakeMayBeTakenOnceItsTargetIsMended() {
        assertThat(isFatal(new org.apache.kafka.connect.errors.ConnectException(
                        "TASK_PUT failed", new DataException("no column c"))))
                .isFalse();
    }

    @Test
    void anythingElsePasses() {
        assertThat(isFatal(new IllegalStateException("who knows"))).isFalse();
        assertThat(isFatal(new OutOfMemoryError("heap"))).isFalse();
    }
}
