/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.api.json;

/** How a {@link java.math.BigDecimal} stands in JSON; the values of {@code json.decimal.format}. */
public enum DecimalText {
    /** The bytes of the unscaled value in Base64, as Apache's converters write it by default; the scale is lost. */
    BASE64,
    /** A number with every digit. */
    NUMERIC
}
