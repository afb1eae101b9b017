/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;

final class TellingCauseTest {
    private static String trace(Throwable failure) {
        StringWriter text = new StringWriter();
        failure.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    /** As a plugin of somebody else throws it: from outside our packages. */
    private static <T extends Throwable> T foreign(T failure) {
        failure.setStackTrace(new StackTraceElement[] {
            new StackTraceElement("com.acme.Sink", "put", "Sink.java", 12),
            new StackTraceElement("io.levada.runtime.task.sink.SinkBatch", "put", "SinkBatch.java", 40)
        });
        return failure;
    }

    @Test
    void ourOwnAdviceIsShownAndNotTheDeepestCause() {
        String trace = trace(new org.apache.kafka.connect.errors.ConnectException(
                "Cannot reach bucket order: 404; does the bucket exist? create it, or correct s3.bucket.name",
                foreign(new IllegalStateException("(Service: S3, Status Code: 404, Request ID 17)"))));

        assertThat(TellingCause.of(trace))
                .isEqualTo(
                        "Cannot reach bucket order: 404; does the bucket exist? create it, or correct s3.bucket.name");
    }

    @Test
    void aPluginOfOursIsKnownBehindTheNameOfItsClassLoader() {
        String trace = """
                org.apache.kafka.connect.errors.ConnectException: Cannot reach bucket b
                \tat plugin /opt/plugins/s3//io.levada.connect.s3.StoreFailure.atStart(StoreFailure.java:19)
                """;

        assertThat(TellingCause.of(trace)).isEqualTo("Cannot reach bucket b");
    }

    @Test
    void stageAndRecordStayInFrontOfWhatThePluginSays() {
        Throwable cause = foreign(new DataException("bad value"));
        String trace = trace(new org.apache.kafka.connect.errors.ConnectException(
                "TASK_PUT by com.acme.Sink failed for 2 records from t-0 offset 4 to t-0 offset 5: " + cause, cause));

        assertThat(TellingCause.of(trace))
                .isEqualTo("TASK_PUT by com.acme.Sink failed for 2 records from t-0 offset 4 to t-0 offset 5:"
                        + " DataException: bad value");
    }

    @Test
    void aForeignMessageKeepsItsClassAndWhatTheDeepestCauseAdds() {
        String trace = trace(foreign(new IllegalStateException(
                "Cannot open the index", foreign(new ConnectException("Connection refused")))));

        assertThat(TellingCause.of(trace))
                .isEqualTo("IllegalStateException: Cannot open the index (ConnectException: Connection refused)");
    }

    @Test
    void wrappersThatSayNothingGiveWay() {
        String trace = trace(foreign(new org.apache.kafka.connect.errors.ConnectException(
                "Exiting WorkerSinkTask due to unrecoverable exception.",
                foreign(new RuntimeException(foreign(new DataException("no field id")))))));

        assertThat(TellingCause.of(trace)).isEqualTo("DataException: no field id");
    }

    @Test
    void aFailureWithoutAMessageIsNamed() {
        assertThat(TellingCause.of(trace(foreign(new NullPointerException())))).isEqualTo("NullPointerException");
    }

    @Test
    void messagesOfSeveralLinesStayWholeAndWhatStandsUnderTheTraceIsNoPartOfThem() {
        String trace = trace(foreign(new DataException("first\nsecond"))) + "Restart 1 (no limit) follows.\n";

        assertThat(TellingCause.of(trace)).isEqualTo("DataException: first\nsecond");
    }

    @Test
    void textThatIsNoTraceIsShownAsItIs() {
        assertThat(TellingCause.of("out of order")).isEqualTo("out of order");
        assertThat(TellingCause.of("")).isEmpty();
    }
}
