/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.dialect;

/** What a kind of database does in its own way. Instances have no state and may be used from any thread. */
public interface Dialect extends Connecting, Catalogue, Statistics, Reading, Writing {

    /** How names are quoted, folded and bounded. */
    Names names();

    /** Writes names into this dialect's SQL. */
    default Identifiers identifiers(Quoting quoting) {
        return new Identifiers(quoting, names());
    }
}
