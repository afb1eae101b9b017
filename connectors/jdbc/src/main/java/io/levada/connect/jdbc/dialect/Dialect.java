/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

import java.sql.SQLException;

/** What a kind of database does in its own way. Instances have no state and may be used from any thread. */
public interface Dialect extends Connecting, Catalogue, Statistics, Reading, Writing {

    /** What its own error codes mean; none where SQLStates are enough. */
    default VendorCodes codes() {
        return VendorCodes.NONE;
    }

    @Override
    default FailureKind failureKind(SQLException failure) {
        return codes().kind(failure);
    }

    @Override
    default boolean isMissingReference(SQLException failure) {
        return Writing.super.isMissingReference(failure)
                || codes().missingReference().contains(failure.getErrorCode());
    }

    @Override
    default boolean isMissingTable(SQLException failure) {
        return codes().missingTable().contains(failure.getErrorCode());
    }

    @Override
    default boolean isAlreadyThere(SQLException failure) {
        return codes().alreadyThere().contains(failure.getErrorCode());
    }

    /** How names are quoted, folded and bounded. */
    Names names();

    /** Writes names into this dialect's SQL. */
    default Identifiers identifiers(Quoting quoting) {
        return new Identifiers(quoting, names());
    }
}
