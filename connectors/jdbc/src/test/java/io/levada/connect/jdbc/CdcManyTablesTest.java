/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.SourceHarness;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

/**
 * Many tables: none costs a question of its own where one does for all, since each takes as long as the network does. With
 * {@code -Dlevada.tables=5000} it prints what so many take.
 */
final class CdcManyTablesTest {

    private static final int TABLES = Integer.getInteger("levada.tables", 60);

    /** Questions that do not depend on how many tables there are. */
    private static final int FEW = 120;

    @Test
    void asksForAllAtOnce() throws Exception {
        CdcFixture cdc = new CdcFixture();
        cdc.listen();
        cdc.config.put("status.update.interval.ms", "60000"); // nor does time ask
        cdc.config.put("column.mask.with.1.chars", "public\\..*\\.nothing"); // has each looked at before
        for (int from = 0; from < TABLES; from += 500) {
            cdc.postgres.execute(IntStream.range(from, Math.min(TABLES, from + 500))
                    .mapToObj(i -> "CREATE TABLE some_table_of_many_" + i + " (id int PRIMARY KEY, v text);"
                            + " INSERT INTO some_table_of_many_" + i + " VALUES (1, 'a'), (2, 'b')")
                    .toArray(String[]::new));
        }
        try (Silence network = Silence.before(cdc.postgres.serverPort())) {
            cdc.config.put("database.port", Integer.toString(network.port()));
            Step validating = new Step(network);
            assertThat(new PostgresCdcSourceConnector().validate(cdc.config).configValues())
                    .allMatch(value -> value.errorMessages().isEmpty());
            assertThat(validating.end("validating")).isLessThan(FEW);

            Step reading = new Step(network);
            try (SourceHarness source = cdc.start()) {
                List<SourceRecord> rows = new ArrayList<>(source.poll(2 * TABLES, CdcFixture.PATIENCE));
                source.commit();
                // For each the copying itself.
                assertThat(reading.end("reading rows")).isLessThan(FEW + TABLES * 2);
                assertThat(rows).hasSize(2 * TABLES);

                Step following = new Step(network);
                cdc.postgres.execute("DO $$ BEGIN FOR i IN 0.." + (TABLES - 1)
                        + " LOOP EXECUTE 'INSERT INTO some_table_of_many_' || i || ' VALUES (3)'; END LOOP; END $$");
                assertThat(source.poll(TABLES, CdcFixture.PATIENCE)).hasSize(TABLES);
                source.commit();
                // For each the columns and the key, once.
                assertThat(following.end("first changes")).isLessThan(FEW + TABLES * 5 / 2);

                Step rereading = new Step(network);
                cdc.ask("execute-snapshot", "{\"data-collections\": [\"public\\\\..*\"]}");
                assertThat(source.poll(3 * TABLES, CdcFixture.PATIENCE)).hasSize(3 * TABLES);
                source.commit();
                assertThat(rereading.end("reading again")).isLessThan(FEW + TABLES * 2);
            }
            Step again = new Step(network);
            try (SourceHarness source = cdc.start()) {
                cdc.postgres.execute("INSERT INTO some_table_of_many_0 VALUES (4)");
                assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("c 4 ->4,null");
                assertThat(again.end("starting again")).isLessThan(FEW);
            }
        }
    }

    /** Counts what is asked, and what it takes. */
    private static final class Step {
        private final Silence network;
        private final long before;
        private final long beganAtNanos = System.nanoTime();

        Step(Silence network) {
            this.network = network;
            this.before = network.asked();
        }

        long end(String what) {
            long asked = network.asked() - before;
            if (Integer.getInteger("levada.tables") != null) {
                System.gc();
                Runtime memory = Runtime.getRuntime();
                System.out.printf(
                        "%d tables: %s asked %d times in %d ms; heap %d MB%n",
                        TABLES,
                        what,
                        asked,
                        (System.nanoTime() - beganAtNanos) / 1_000_000,
                        (memory.totalMemory() - memory.freeMemory()) >> 20);
            }
            return asked;
        }
    }
}
