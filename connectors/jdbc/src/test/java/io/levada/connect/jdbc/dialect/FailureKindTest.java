/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.mysql.MySqlDialect;
import java.io.IOException;
import java.sql.BatchUpdateException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FailureKindTest {

    @ParameterizedTest
    @CsvSource({
        "08000, RETRIABLE",
        "08006, RETRIABLE",
        "08P01, RETRIABLE",
        "40001, RETRIABLE",
        "40P01, RETRIABLE",
        "25P03, RETRIABLE",
        "25P04, RETRIABLE",
        "53100, RETRIABLE",
        "53300, RETRIABLE",
        "55P03, RETRIABLE",
        "57014, RETRIABLE",
        "57P01, RETRIABLE",
        "57P03, RETRIABLE",
        "22001, DATA",
        "22P02, DATA",
        "23502, DATA",
        "23505, DATA",
        "42804, DATA",
        "21000, DATA",
        "44000, DATA",
        "54000, DATA",
        "P0001, DATA",
        "28P01, FATAL",
        "28000, FATAL",
        "3D000, FATAL",
        "42501, FATAL",
        "42601, FATAL",
        "42P01, FATAL",
        "XX000, FATAL",
        "25006, FATAL",
        "'', FATAL",
        ", FATAL",
    })
    void stateTellsWhoCanHelp(String state, FailureKind kind) {
        assertThat(FailureKind.of(new SQLException("x", state))).isEqualTo(kind);
    }

    /** MySQL's and MariaDB's: interrupted, killed, and two limits of time. */
    @ParameterizedTest
    @ValueSource(ints = {1317, 1927, 1969, 3024, 4031})
    void statementThatTheServerBrokeOffMayBeTriedAgain(int code) {
        assertThat(new MySqlDialect().failureKind(new SQLException("x", "70100", code)))
                .isEqualTo(FailureKind.RETRIABLE);
    }

    @Test
    void batchTellsByWhatItHolds() {
        BatchUpdateException batch = new BatchUpdateException();
        batch.setNextException(new SQLException("x", "23505"));

        assertThat(FailureKind.of(batch)).isEqualTo(FailureKind.DATA);
    }

    @Test
    void poolThatGaveUpTellsByItsCause() {
        SQLException refused = new SQLTransientConnectionException("timed out", new SQLException("x", "28P01"));

        assertThat(FailureKind.of(refused)).isEqualTo(FailureKind.FATAL);
        assertThat(FailureKind.of(new SQLTransientConnectionException("timed out")))
                .isEqualTo(FailureKind.RETRIABLE);
        assertThat(FailureKind.of(new SQLException("x", new IOException("y")))).isEqualTo(FailureKind.RETRIABLE);
    }
}
