/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/**
 * A type as {@code pg_type} has it.
 *
 * @param kind {@code typtype}: b base, e enum, d domain, c composite, r range, m multirange, p pseudo
 * @param baseOid of a domain, the type it is over, which may be a domain; else 0
 * @param baseTypmod of a domain, the modifier it gives its base, or -1
 * @param elementOid of an array, the type of its elements; else 0
 */
public record PgType(int oid, String schema, String name, char kind, int baseOid, int baseTypmod, int elementOid) {

    public boolean isDomain() {
        return kind == 'd';
    }

    boolean isEnum() {
        return kind == 'e';
    }

    boolean isArray() {
        return elementOid != 0;
    }
}
