/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.util.Arrays;
import org.apache.kafka.connect.data.SchemaBuilder;

/** BIT and VARBIT: a boolean for a length of one, else bytes from the last bit to the first set one. */
final class BitStrings {

    /** A VARBIT without a length. */
    private static final int UNLIMITED = Integer.MAX_VALUE;

    private BitStrings() {}

    static ColumnMapping mapping(int typmod) {
        if (typmod == 1) {
            return PlainMapping.of(SchemaBuilder::bool, BitStrings::bit);
        }
        String bits = Integer.toString(typmod < 0 ? UNLIMITED : typmod);
        return PlainMapping.of(
                () -> SchemaBuilder.bytes()
                        .name("io.debezium.data.Bits")
                        .version(1)
                        .parameter("length", bits),
                BitStrings::bits);
    }

    private static Object bit(byte[] text, int offset, int length) {
        return bits(text, offset, length).length > 0;
    }

    private static byte[] bits(byte[] text, int offset, int length) {
        byte[] bytes = new byte[(length + 7) / 8];
        int used = 0;
        for (int i = 0; i < length; i++) {
            byte bit = text[offset + length - 1 - i];
            if (bit == '1') {
                bytes[i / 8] |= (byte) (1 << (i % 8));
                used = i / 8 + 1;
            } else if (bit != '0') {
                throw Unreadable.value("bit", text, offset, length);
            }
        }
        return used == bytes.length ? bytes : Arrays.copyOf(bytes, used);
    }
}
