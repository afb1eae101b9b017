/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.broker.log.storage.Storage;
import io.levada.broker.log.storage.StorageProblem;
import io.levada.broker.log.storage.WalkedBatch;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.OutputOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.record.internal.ControlRecordType;
import org.apache.kafka.common.record.internal.Record;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows the batches, and the records if asked, as they lie in the files: one line each. */
@Command(
        name = "dump",
        header = {
            "Shows the batches of a data directory as they lie in its files.",
            "Changes nothing; a broker may run.",
            "",
            "  levada storage dump levada-data --topic orders --partition 0",
            "  levada storage dump levada-data --topic orders --records",
            ""
        })
final class DumpStorage implements Callable<Integer> {
    private static final int TEXT_MAX = 200;

    @Mixin
    private StorageOptions storage;

    @Mixin
    private OutputOptions output;

    @Option(names = "--records", description = "Each record too, with its key and value.")
    private boolean records;

    private boolean isAllReadable = true;

    @Override
    public Integer call() {
        try {
            Storage files = storage.open();
            for (TopicPartition partition : storage.partitions(files)) {
                dump(files, partition);
            }
            output.out().flush();
            return isAllReadable ? ExitCode.OK : ExitCode.FAILURE;
        } catch (IOException e) {
            throw storage.unreadable(e);
        }
    }

    private void dump(Storage files, TopicPartition partition) {
        List<Path> logs = new ArrayList<>();
        try {
            logs.addAll(files.logFiles(partition));
        } catch (IOException e) {
            unreadable(files, partition, Path.of(partition.toString()), e);
        }
        for (Path file : logs) {
            try {
                dump(partition, file);
            } catch (IOException e) {
                unreadable(files, partition, file, e);
            }
        }
    }

    private void dump(TopicPartition partition, Path file) throws IOException {
        if (!output.isJson()) {
            output.out().println(file);
        }
        Storage.dump(file, batch -> print(partition, file, batch), damage -> print(partition, file, damage));
    }

    /** The others are shown all the same. What a running broker removed while it was looked at is nothing to tell of. */
    private void unreadable(Storage files, TopicPartition partition, Path file, IOException e) {
        if (files.isLive() && e instanceof NoSuchFileException) {
            return;
        }
        isAllReadable = false;
        String what = "cannot be read: " + e;
        print(partition, file, new StorageProblem(partition, StorageProblem.Kind.UNUSABLE, file, 0, -1, 0, what));
    }

    private void print(TopicPartition partition, Path file, WalkedBatch batch) {
        PrintWriter out = output.out();
        if (output.isJson()) {
            out.println(json(partition, file, batch));
            return;
        }
        out.println("  " + batch.baseOffset() + ".." + batch.lastOffset() + "  position " + batch.position() + "  "
                + batch.bytes() + " bytes  " + batch.records() + " records  " + codec(batch) + "  epoch "
                + batch.leaderEpoch() + "  " + time(batch.maxTimestampMs()) + producer(batch));
        if (records) {
            String wrong = eachRecord(
                    file,
                    batch,
                    record -> out.println("    " + record.offset() + "  " + time(record.timestamp()) + "  "
                            + (batch.isControl() ? marker(record) : content(record))));
            if (!wrong.isEmpty()) {
                out.println("    " + wrong);
            }
        }
    }

    private static String content(Record record) {
        StringBuilder headers = new StringBuilder();
        for (Header header : record.headers()) {
            headers.append("  ").append(header.key()).append('=').append(text(bytes(header.value())));
        }
        return text(record.hasKey() ? record.key() : null) + "  " + text(record.hasValue() ? record.value() : null)
                + headers;
    }

    /** How the transaction ended. */
    private static String marker(Record record) {
        return String.valueOf(record.hasKey() ? ControlRecordType.parse(record.key()) : null);
    }

    private static @Nullable ByteBuffer bytes(byte @Nullable [] bytes) {
        return bytes == null ? null : ByteBuffer.wrap(bytes);
    }

    private void print(TopicPartition partition, Path file, StorageProblem damage) {
        if (output.isJson()) {
            ObjectNode node = node(partition, file);
            StorageOptions.json(node.putArray("problems"), damage);
            output.out().println(node);
            return;
        }
        String place = damage.offset() < 0
                ? "  "
                : "  damaged: position " + damage.position() + ", " + damage.bytes() + " bytes, offset "
                        + damage.offset() + ": ";
        output.out().println(place + damage.what());
    }

    /** Returns what is wrong with the records, which the checksum does not tell, or nothing: then {@code each} was called for all. */
    private static String eachRecord(Path file, WalkedBatch batch, Consumer<Record> each) {
        try {
            Storage.records(file, batch, each);
            return "";
        } catch (IOException | RuntimeException e) {
            return "records cannot be read: " + e;
        } catch (OutOfMemoryError e) {
            // A batch may unpack to anything; what was taken for it is free again.
            return "records do not fit into the memory of this process; LEVADA_OPTS=-Xmx2g gives it more";
        }
    }

    private static String producer(WalkedBatch batch) {
        if (batch.producerId() < 0) {
            return "";
        }
        return "  producer " + batch.producerId() + " epoch " + batch.producerEpoch() + " sequence "
                + batch.baseSequence() + (batch.isTransactional() ? " transactional" : "")
                + (batch.isControl() ? " control" : "");
    }

    private static String codec(WalkedBatch batch) {
        return batch.codec() < CompressionType.values().length
                ? CompressionType.forId(batch.codec()).name
                : "codec " + batch.codec();
    }

    private static String time(long timestampMs) {
        return timestampMs < 0 ? "no time" : Instant.ofEpochMilli(timestampMs).toString();
    }

    private static ObjectNode node(TopicPartition partition, Path file) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("topic", partition.topic())
                .put("partition", partition.partition())
                .put("file", file.toString());
    }

    private ObjectNode json(TopicPartition partition, Path file, WalkedBatch batch) {
        ObjectNode node = node(partition, file)
                .put("baseOffset", batch.baseOffset())
                .put("lastOffset", batch.lastOffset())
                .put("position", batch.position())
                .put("bytes", batch.bytes())
                .put("count", batch.records())
                .put("compression", codec(batch))
                .put("leaderEpoch", batch.leaderEpoch())
                .put("maxTimestamp", batch.maxTimestampMs())
                .put("producerId", batch.producerId())
                .put("producerEpoch", batch.producerEpoch())
                .put("baseSequence", batch.baseSequence())
                .put("transactional", batch.isTransactional())
                .put("control", batch.isControl());
        if (records) {
            ArrayNode array = node.putArray("records");
            String wrong = eachRecord(
                    file,
                    batch,
                    record -> json(
                            array.addObject(),
                            batch.isControl() ? Optional.of(marker(record)) : Optional.empty(),
                            record));
            if (!wrong.isEmpty()) {
                node.put("error", wrong);
            }
        }
        return node;
    }

    /** What is no text is in Base64, under another name. */
    private static void json(ObjectNode node, Optional<String> marker, Record record) {
        node.put("offset", record.offset()).put("timestamp", record.timestamp());
        marker.ifPresent(type -> node.put("marker", type));
        put(node, "key", record.hasKey() ? record.key() : null);
        put(node, "value", record.hasValue() ? record.value() : null);
        ArrayNode headers = node.putArray("headers");
        for (Header header : record.headers()) {
            put(headers.addObject().put("key", header.key()), "value", bytes(header.value()));
        }
    }

    private static void put(ObjectNode node, String field, @Nullable ByteBuffer bytes) {
        if (bytes == null) {
            node.putNull(field);
            return;
        }
        try {
            node.put(
                    field,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(bytes.duplicate())
                            .toString());
        } catch (CharacterCodingException noText) {
            byte[] raw = new byte[bytes.remaining()];
            bytes.duplicate().get(raw);
            node.put(field + "Base64", Base64.getEncoder().encodeToString(raw));
        }
    }

    private static @Nullable String decoded(@Nullable ByteBuffer bytes) {
        return bytes == null
                ? null
                : StandardCharsets.UTF_8.decode(bytes.duplicate()).toString();
    }

    /** Text on one line, cut where it is long: this is to see what lies where. */
    private static String text(@Nullable ByteBuffer bytes) {
        String decoded = decoded(bytes);
        if (decoded == null) {
            return "null";
        }
        StringBuilder line = new StringBuilder();
        decoded.codePoints().limit(TEXT_MAX).forEach(c -> line.appendCodePoint(Character.isISOControl(c) ? '.' : c));
        return decoded.length() > TEXT_MAX ? line + "..." : line.toString();
    }
}
