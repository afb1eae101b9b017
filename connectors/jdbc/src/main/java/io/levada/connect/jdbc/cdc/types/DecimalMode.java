/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

/** What NUMERIC and MONEY become, {@code decimal.handling.mode}. */
public enum DecimalMode {
    /** Connect's Decimal, or a struct of scale and value where the column has no scale. */
    PRECISE,
    DOUBLE,
    /** The digits, without an exponent. */
    STRING
}
