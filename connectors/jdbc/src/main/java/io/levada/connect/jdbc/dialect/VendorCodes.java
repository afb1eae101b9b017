/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.SQLException;
import java.util.Set;

/**
 * What a database's own error codes say about a failure, where SQLStates do not.
 *
 * @param retriable codes after which trying again may help
 * @param data codes that lie in one record
 */
public record VendorCodes(Set<Integer> retriable, Set<Integer> data) {

    public VendorCodes {
        retriable = Set.copyOf(retriable);
        data = Set.copyOf(data);
    }

    /** The kind by the codes first and by the SQLState then. */
    public FailureKind kind(SQLException failure) {
        return FailureKind.of(failure, this::ofOne);
    }

    private FailureKind ofOne(SQLException failure) {
        if (retriable.contains(failure.getErrorCode())) {
            return FailureKind.RETRIABLE;
        }
        if (data.contains(failure.getErrorCode())) {
            return FailureKind.DATA;
        }
        return FailureKind.ofState(failure.getSQLState());
    }
}
