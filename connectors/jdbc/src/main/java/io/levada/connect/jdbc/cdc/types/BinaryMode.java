/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import io.levada.connect.api.config.Spelled;
import java.util.Locale;

/** What BYTEA becomes, {@code binary.handling.mode}. */
public enum BinaryMode implements Spelled {
    BYTES,
    BASE64,
    BASE64_URL_SAFE,
    HEX;

    @Override
    public String spelling() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
