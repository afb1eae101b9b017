/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.table;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Values told as text replaced by the digest of a salt and the value, in hex, cut to the column's length.
 *
 * @param key that asks for it
 * @param plain the value's own bytes are digested; else their Java serialization, which is what Debezium's first version digests
 */
record Hash(String key, String algorithm, String salt, boolean plain) implements ColumnRules.Change {

    static Hash of(String key, String algorithm, String salt, boolean plain) {
        try {
            MessageDigest unused = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new ConfigException(
                    key, null, "names the digest " + algorithm + ", which Java does not have; SHA-256 is one it has");
        }
        return new Hash(key, algorithm, salt, plain);
    }

    @Override
    public void describe(Column column, ColumnSize size, SchemaBuilder schema) {
        schema.parameter("masked", "true");
    }

    @Override
    public Optional<UnaryOperator<@Nullable Object>> of(ColumnSize size) {
        if (!size.text()) {
            return Optional.empty();
        }
        return Optional.of(value -> value == null
                ? null
                : (size.length() > 0 ? Truncated.of(digest(value), size.length()) : digest(value)));
    }

    @Override
    public String hiddenBy() {
        return key;
    }

    private String digest(Object value) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            digest.update(salt.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(bytes(value)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("checked when the rule was made", e);
        }
    }

    private byte[] bytes(Object value) {
        if (plain) {
            return value.toString().getBytes(StandardCharsets.UTF_8);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory takes what it is given
        }
        return bytes.toByteArray();
    }
}
