/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.errors.RetriableException;
import org.junit.jupiter.api.Test;

/**
 * A network that swallows everything breaks no connection: a task would run for ever, connected to nothing. All kinds of it in one
 * test, since each takes ten seconds to be noticed.
 */
final class CdcSilentNetworkTest {

    @Test
    void isNoticedWhateverIsDone() throws Exception {
        try (Line slow = Line.ofOneLargeRow(); // takes the longest
                Line quiet = Line.following();
                Line message = Line.following();
                Line rows = Line.readingRows("initial");
                Line rowsAlone = Line.readingRows("initial_only");
                Line oneOfSome = Line.readingRows("initial")) {
            quiet.silence.swallow();
            // A read that has begun waits for the rest of its message, and asks nobody meanwhile.
            message.silence.swallowAfter(100_000);
            message.cdc.postgres.execute("INSERT INTO t VALUES (2, repeat('x', 1000000))");
            // Nothing breaks the connections that rows come through, and nobody waits for anything else.
            rows.silence.swallow();
            rowsAlone.silence.swallow();
            oneOfSome.silence.swallowBusiest();

            Line.awaitRetries(quiet, message, rows, rowsAlone, oneOfSome);

            quiet.cdc.postgres.execute("INSERT INTO t VALUES (2, 'b')");
            assertThat(CdcFixture.told(quiet.source.poll(1, CdcFixture.PATIENCE)))
                    .containsExactly("c 2 ->2,b");
            assertThat(message.source.poll(1, CdcFixture.PATIENCE)).hasSize(1);
            // Bytes of it have come all the time, for longer than silence is borne.
            assertThat(slow.source.poll(1, CdcFixture.PATIENCE)).hasSize(1);
        }
    }

    /** A connector behind a network of its own. */
    private record Line(CdcFixture cdc, Silence silence, SourceHarness source) implements AutoCloseable {

        /** Whose rows have been read. */
        static Line following() throws Exception {
            Line line = start("INSERT INTO t VALUES (0, 'a')", "initial");
            line.source.poll(1, CdcFixture.PATIENCE);
            line.source.commit();
            line.cdc.postgres.execute("INSERT INTO t VALUES (1, 'b')");
            line.source.poll(1, CdcFixture.PATIENCE);
            line.source.commit();
            return line;
        }

        /** Some, of many. */
        static Line readingRows(String mode) throws Exception {
            Line line = start("INSERT INTO t SELECT g, repeat('x', 1000) FROM generate_series(1, 60000) g", mode);
            line.source.poll(1, CdcFixture.PATIENCE);
            return line;
        }

        /** Of 80 pieces, which take some quarter of a minute to arrive. */
        static Line ofOneLargeRow() throws Exception {
            String row = "INSERT INTO t SELECT 0, string_agg(md5(g::text), '') FROM generate_series(1, 160000) g";
            Line line = start(row, "initial");
            line.silence.slow(200);
            return line;
        }

        private static Line start(String rows, String mode) throws Exception {
            CdcFixture cdc = new CdcFixture();
            cdc.readInSmallBatches();
            cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY, v text)", rows);
            Silence silence = Silence.before(PostgresServer.shared().port());
            cdc.config.put("database.port", Integer.toString(silence.port()));
            cdc.config.put("status.update.interval.ms", "200");
            cdc.config.put("snapshot.mode", mode);
            return new Line(cdc, silence, cdc.start());
        }

        /** Of all of them at the same time. */
        static void awaitRetries(Line... lines) {
            List<Line> left = new ArrayList<>(List.of(lines));
            await().pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(1))
                    .atMost(CdcFixture.PATIENCE)
                    .until(() -> {
                        for (Line each : List.copyOf(left)) {
                            if (each.isToTryAgain()) {
                                left.remove(each);
                            }
                        }
                        return left.isEmpty();
                    });
        }

        /** Records that were on their way may come before. */
        private boolean isToTryAgain() throws InterruptedException {
            try {
                source.poll();
                return false;
            } catch (RetriableException e) {
                return true;
            }
        }

        @Override
        public void close() throws IOException {
            source.close();
            silence.close();
        }
    }
}
