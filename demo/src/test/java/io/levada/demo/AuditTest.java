/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static io.levada.demo.ArrivedChangesTest.written;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

final class AuditTest {

    /** Changes that were made; another comes whenever anybody looks anywhere. */
    private final AtomicInteger table = new AtomicInteger();

    private final AllChanges topic = new AllChanges("the topic");
    private final AllChanges file = new AllChanges("the file");

    @Test
    void noFigureIsAheadOfTheOneThatItsChangesComeFrom() {
        try (Audit audit = audit()) {
            for (int looks = 0; looks < 3; looks++) {
                Progress progress = audit.progress(table::get);

                assertThat(progress.changes()).isGreaterThanOrEqualTo(progress.records());
                assertThat(progress.records()).isGreaterThanOrEqualTo(progress.lines());
            }
        }
    }

    @Test
    void whatCannotBeLookedAtEndsNothingIsToldOnceIfItLastsAndIsAFinding() {
        topic.broken = true;
        try (Audit audit = audit()) {
            assertThat(audit.progress(table::get).records()).isZero();
            assertThat(audit.news()).as("it may pass").isEmpty();
            assertThat(audit.faults()).anyMatch(fault -> fault.contains("the topic cannot be read: gone fishing"));

            int told = 0;
            for (int looks = 0; looks < 100; looks++) {
                audit.progress(table::get);
                told += (int) audit.news().stream()
                        .filter(news -> news.contains("the topic"))
                        .count();
            }
            assertThat(told).isEqualTo(1);

            topic.broken = false;
            assertThat(audit.progress(table::get).records()).isPositive();
            assertThat(audit.faults()).noneMatch(fault -> fault.contains("the topic"));
        }
    }

    @Test
    void whatIsUnderWayIsNoFaultAndWhatIsMissingIsAFinding() {
        try (Audit audit = audit()) {
            audit.progress(table::get);

            assertThat(audit.complete(written(1, 50))).isFalse();
            assertThat(audit.underWay(written(1, 50))).contains("1 not yet in the topic");
            assertThat(audit.findings(written(1, 50)))
                    .anyMatch(f -> f.startsWith("1 changes are not in the topic: change 50"));
        }
    }

    /** S3 is one that nobody serves: every look at it fails. */
    private Audit audit() {
        S3Client nobody = new S3Client() {
            @Override
            public String serviceName() {
                return "s3";
            }

            @Override
            public void close() {}
        };
        return new Audit(topic, file, new S3Changes(nobody, "orders"));
    }

    private final class AllChanges implements Place {
        private final String name;
        private final ArrivedChanges changes = new ArrivedChanges();
        private int taken;
        private boolean broken;

        AllChanges(String name) {
            this.name = name;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public void look() throws IOException {
            if (broken) {
                throw new IOException("gone fishing");
            }
            for (int last = table.incrementAndGet(); taken < last; ) {
                taken++;
                changes.add(("{\"op\":\"c\",\"after\":{\"change\":" + taken + "}}").getBytes(StandardCharsets.UTF_8));
            }
        }

        @Override
        public ArrivedChanges changes() {
            return changes;
        }

        @Override
        public void close() {}
    }
}
