/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.SourceHarness;
import java.sql.SQLException;
import java.util.List;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What somebody wants hidden is told to nobody, whatever its type, or the connector says that it cannot. */
final class CdcHiddenColumnsTest {

    private CdcFixture cdc;

    @BeforeEach
    void makeDatabase() throws SQLException {
        cdc = new CdcFixture();
        cdc.postgres.execute(
                "CREATE DOMAIN mail AS varchar(40)",
                "CREATE DOMAIN mine AS mail NOT NULL",
                "CREATE TYPE mood AS ENUM ('sad')",
                "CREATE TABLE t (id int PRIMARY KEY, m mine, u uuid, j jsonb, x xml, e mood, i inet, c char(5), n numeric)",
                "INSERT INTO t VALUES (1, 'a@b', gen_random_uuid(), '{}', '<a/>', 'sad', '1.2.3.4', 'c', 7)");
        cdc.config.put("decimal.handling.mode", "string");
    }

    @Test
    void areMaskedWhereTheyAreToldAsStrings() throws Exception {
        cdc.config.put("column.mask.with.3.chars", "public\\.t\\.[^i].*,public\\.t\\.i");
        try (SourceHarness source = cdc.start()) {
            List<SourceRecord> read = source.poll(1, CdcFixture.PATIENCE);
            assertThat(CdcFixture.told(read)).containsExactly("r 1 ->1,***,***,***,***,***,***,***,***");
            Schema json = ((Struct) read.get(0).value())
                    .getStruct("after")
                    .schema()
                    .field("j")
                    .schema();
            assertThat(json.name()).as("stars are no JSON").isNull();
            assertThat(json.parameters()).containsEntry("masked", "true");
            cdc.awaitActiveSlot();
            cdc.postgres.execute("UPDATE t SET m = 'c@d'");
            assertThat(CdcFixture.told(cdc.untilMark(source)))
                    .containsExactly("u 1 ->1,***,***,***,***,***,***,***,***");
        }
    }

    /** What is there where nobody says anything tells as much. */
    @Test
    void haveNoDefaultInTheirSchema() throws Exception {
        cdc.postgres.execute("ALTER TABLE t ALTER c SET DEFAULT 'clear'");
        cdc.config.put("column.mask.with.3.chars", "public\\.t\\.c");
        try (SourceHarness source = cdc.start()) {
            Schema after = ((Struct) source.poll(1, CdcFixture.PATIENCE).get(0).value())
                    .getStruct("after")
                    .schema();
            assertThat(after.field("c").schema().defaultValue()).isNull();
        }
    }

    @Test
    void areHashedToTheLengthThatTheDomainHas() throws Exception {
        cdc.config.put("column.mask.hash.v2.SHA-256.with.salt.salt", "public\\.t\\.m");
        try (SourceHarness source = cdc.start()) {
            Struct after = ((Struct) source.poll(1, CdcFixture.PATIENCE).get(0).value()).getStruct("after");
            assertThat(after.getString("m")).matches("[0-9a-f]{40}");
        }
    }

    @Test
    void areRefusedWhereTheyAreNoStrings() throws Exception {
        String key = "column.mask.with.3.chars";
        cdc.config.put(key, "public\\.t\\.(m|n)");
        cdc.config.put("decimal.handling.mode", "precise");
        assertThat(new PostgresCdcSourceConnector().validate(cdc.config).configValues())
                .filteredOn(value -> !value.errorMessages().isEmpty())
                .singleElement()
                .satisfies(value -> assertThat(value.name()).isEqualTo(key))
                .extracting(ConfigValue::errorMessages)
                .asString()
                .contains("column n of table public.t", "column.exclude.list");

        cdc.config.put(key, "public\\.t\\.(m|later)");
        try (SourceHarness source = cdc.start()) {
            source.poll(1, CdcFixture.PATIENCE);
            cdc.awaitActiveSlot();
            cdc.postgres.execute("ALTER TABLE t ADD later int", "UPDATE t SET later = 5");
            assertThatThrownBy(() -> source.poll(1, CdcFixture.PATIENCE))
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining(key)
                    .hasMessageContaining("column later of table public.t");
        }
    }

    /** Nobody sees it, so that nothing depends on it. */
    @Test
    void areNotReadWhereTheyAreLeftOut() throws Exception {
        cdc.postgres.execute("ALTER TABLE t ADD broken int[]", "UPDATE t SET broken = '{{1,2},{3,4}}'");
        cdc.config.put("column.include.list", "public\\.t\\.c");
        try (SourceHarness source = cdc.start()) {
            assertThat(CdcFixture.told(source.poll(1, CdcFixture.PATIENCE))).containsExactly("r 1 ->c    ");
            cdc.awaitActiveSlot();
            cdc.postgres.execute("UPDATE t SET c = 'd'");
            assertThat(CdcFixture.told(cdc.untilMark(source))).containsExactly("u 1 ->d    ");
        }
    }
}
