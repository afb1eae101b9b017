/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.event;

import io.levada.connect.jdbc.cdc.table.NamePatterns;
import io.levada.connect.jdbc.cdc.types.BinaryMode;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HexFormat;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;

/** Events of {@code pg_logical_emit_message}. */
final class LogicalMessages {

    static final Schema KEY = SchemaBuilder.struct()
            .name("io.debezium.connector.postgresql.MessageKey")
            .version(1)
            .field("prefix", Schema.OPTIONAL_STRING_SCHEMA)
            .build();

    private final BinaryMode binary;
    private final Schema block;
    private final Schema value;
    private final NamePatterns in;
    private final NamePatterns out;

    LogicalMessages(EventOptions options, BinaryMode binary) {
        this.binary = binary;
        this.in = NamePatterns.of(options.messagesIn());
        this.out = NamePatterns.of(options.messagesOut());
        Schema content = binary == BinaryMode.BYTES ? Schema.OPTIONAL_BYTES_SCHEMA : Schema.OPTIONAL_STRING_SCHEMA;
        this.block = SchemaBuilder.struct()
                .name("io.debezium.connector.postgresql.Message")
                .version(1)
                .field("prefix", Schema.OPTIONAL_STRING_SCHEMA)
                .field("content", content)
                .build();
        this.value = SchemaBuilder.struct()
                .name("io.debezium.connector.postgresql.MessageValue")
                .version(1)
                .field("op", Schema.STRING_SCHEMA)
                .field("ts_ms", Schema.OPTIONAL_INT64_SCHEMA)
                .field("source", SourceBlock.SCHEMA)
                .field("transaction", Envelope.TRANSACTION)
                .field("message", block)
                .build();
    }

    boolean captures(String prefix) {
        return in.isEmpty() ? !out.matches(prefix) : in.matches(prefix);
    }

    Struct key(String prefix) {
        return new Struct(KEY).put("prefix", prefix);
    }

    Struct value(String prefix, ByteBuffer content, Struct source, long nowMillis) {
        return new Struct(value)
                .put("op", "m")
                .put("ts_ms", nowMillis)
                .put("source", source)
                .put("message", new Struct(block).put("prefix", prefix).put("content", content(content)));
    }

    private Object content(ByteBuffer content) {
        byte[] bytes = new byte[content.remaining()];
        content.duplicate().get(bytes);
        return switch (binary) {
            case BYTES -> content;
            case BASE64 -> Base64.getEncoder().encodeToString(bytes);
            case BASE64_URL_SAFE -> Base64.getUrlEncoder().encodeToString(bytes);
            case HEX -> HexFormat.of().formatHex(bytes);
        };
    }
}
