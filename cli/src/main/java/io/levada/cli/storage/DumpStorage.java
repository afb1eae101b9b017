/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.levada.broker.log.storage.Storage;
import io.levada.broker.log.storage.StorageProblem;
import io.levada.broker.log.storage.WalkedBatch;
import io.levada.cli.terminal.OutputOptions;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.CompressionType;
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
final class DumpStorage implements Runnable {
    private static final int TEXT_MAX = 200;

    @Mixin
    private StorageOptions storage;

    @Mixin
    private OutputOptions output;

    @Option(names = "--records", description = "Each record too, with its key and value.")
    private boolean records;

    @Override
    public void run() {
        try {
            Storage files = storage.open();
            for (TopicPartition partition : storage.partitions(files)) {
                for (Path file : files.logFiles(partition)) {
                    dump(partition, file);
                }
            }
            output.out().flush();
        } catch (IOException e) {
            throw storage.unreadable(e);
        } catch (UncheckedIOException e) {
            throw storage.unreadable(Optional.ofNullable(e.getCause()).orElseGet(() -> new IOException(e)));
        }
    }

    private void dump(TopicPartition partition, Path file) throws IOException {
        if (!output.isJson()) {
            output.out().println(file);
        }
        Storage.dump(file, batch -> print(partition, file, batch), damage -> print(partition, file, damage));
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
            printRecords(
                    file,
                    batch,
                    record -> out.println("    " + record.offset() + "  " + time(record.timestamp())
                            + "  " + text(record.hasKey() ? record.key() : null) + "  "
                            + text(record.hasValue() ? record.value() : null)));
        }
    }

    private void print(TopicPartition partition, Path file, StorageProblem damage) {
        if (output.isJson()) {
            ObjectNode node = node(partition, file);
            StorageOptions.json(node.putArray("problems"), damage);
            output.out().println(node);
            return;
        }
        output.out()
                .println("  damaged: position " + damage.position() + ", " + damage.bytes() + " bytes, offset "
                        + damage.offset() + ": " + damage.what());
    }

    private static void printRecords(Path file, WalkedBatch batch, java.util.function.Consumer<Record> each) {
        try {
            Storage.records(file, batch, each);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
        return CompressionType.forId(batch.codec()).name;
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
            printRecords(
                    file,
                    batch,
                    record -> array.addObject()
                            .put("offset", record.offset())
                            .put("timestamp", record.timestamp())
                            .put("key", decoded(record.hasKey() ? record.key() : null))
                            .put("value", decoded(record.hasValue() ? record.value() : null)));
        }
        return node;
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
