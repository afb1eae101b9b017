/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.types;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.common.config.ConfigException;

/** What stands for values that were not sent, {@code unavailable.value.placeholder}, in the forms that types have of it. */
final class Placeholder {

    private static final String HEX = "hex:";

    private final byte[] bytes;
    private final String text;

    Placeholder(String option) {
        bytes = option.toLowerCase(Locale.ROOT).startsWith(HEX)
                ? hex(option.substring(HEX.length()))
                : option.getBytes(StandardCharsets.UTF_8);
        text = new String(bytes, StandardCharsets.UTF_8);
    }

    private static byte[] hex(String digits) {
        try {
            return HexFormat.of().parseHex(digits);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("unavailable.value.placeholder", HEX + digits, "hexadecimal digits follow hex:");
        }
    }

    String text() {
        return text;
    }

    ByteBuffer bytes() {
        return ByteBuffer.wrap(bytes);
    }

    List<String> texts() {
        return List.of(text);
    }

    List<String> uuids() {
        return List.of(UUID.nameUUIDFromBytes(bytes).toString());
    }

    List<Integer> int4s() {
        List<Integer> values = new ArrayList<>();
        for (byte each : bytes) {
            values.add((int) each);
        }
        return values;
    }

    List<Long> int8s() {
        List<Long> values = new ArrayList<>();
        for (byte each : bytes) {
            values.add((long) each);
        }
        return values;
    }
}
