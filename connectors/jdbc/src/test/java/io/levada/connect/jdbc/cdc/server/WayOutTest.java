/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors as PostgreSQL words them. */
final class WayOutTest {

    @ParameterizedTest
    @CsvSource({
        "42501, permission denied to start WAL sender, validating the config of connector orders",
        "55000, logical decoding requires \"wal_level\" >= \"logical\", ALTER SYSTEM SET wal_level = logical",
        "55000, can no longer get changes from replication slot \"s\", /connectors/orders/tasks/0/restart",
        "25006, cannot execute CREATE PUBLICATION in a read-only transaction, publication.autocreate.mode=disabled",
        "53100, could not extend file: No space left on device, pg_replication_slots",
        "53400, all replication slots are in use, max_replication_slots",
        "53300, number of requested standby connections exceeds \"max_wal_senders\", max_wal_senders",
        "XX000, could not map filenode \"base/5/1\" to relation OID, snapshot.mode=when_needed",
        "42704, publication \"p\" does not exist, DELETE /connectors/orders/offsets",
    })
    void saysWhatToDo(String state, String message, String told) {
        assertThat(WayOut.of(new SQLException(message, state), "orders"))
                .startsWith("; ")
                .contains(told);
    }

    @Test
    void addsNothingToWhatItDoesNotKnow() {
        assertThat(WayOut.of(new SQLException("x", "XX000"), "orders")).isEmpty();
        assertThat(WayOut.of(new SQLException(), "orders")).isEmpty();
    }
}
