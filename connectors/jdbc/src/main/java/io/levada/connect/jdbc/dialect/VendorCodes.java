/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.SQLException;
import java.util.Set;

/**
 * What a database's own error codes say about a failure, where SQLStates do not.
 *
 * @param retriable codes after which trying again may help
 * @param data codes that lie in one record
 * @param missingReference codes of a row that is not there although another refers to it, see {@link Writing#isMissingReference}
 * @param missingTable codes of a table or schema that is not there
 * @param alreadyThere codes of a table or column that was to be made and is there
 */
public record VendorCodes(
        Set<Integer> retriable,
        Set<Integer> data,
        Set<Integer> missingReference,
        Set<Integer> missingTable,
        Set<Integer> alreadyThere) {

    /** Of a database whose SQLStates say it all. */
    static final VendorCodes NONE = new VendorCodes(Set.of(), Set.of(), Set.of(), Set.of(), Set.of());

    public VendorCodes {
        retriable = Set.copyOf(retriable);
        data = Set.copyOf(data);
        missingReference = Set.copyOf(missingReference);
        missingTable = Set.copyOf(missingTable);
        alreadyThere = Set.copyOf(alreadyThere);
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
