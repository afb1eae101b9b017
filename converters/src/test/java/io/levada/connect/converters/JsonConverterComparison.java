/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.converters;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.storage.Converter;
import org.junit.jupiter.api.Test;

/**
 * Prints how long our JsonConverter and Apache's take for a record. Not one of the module's tests: its name keeps it out of the build, and the
 * README has the command.
 */
final class JsonConverterComparison {

    private static final int ROUNDS = 9;
    private static final long ROUND_NS = TimeUnit.MILLISECONDS.toNanos(700);

    private static final Schema SCHEMA = SchemaBuilder.struct()
            .name("shop.Order")
            .field("id", Schema.INT64_SCHEMA)
            .field("customer", Schema.STRING_SCHEMA)
            .field("item", Schema.OPTIONAL_STRING_SCHEMA)
            .field("quantity", Schema.INT32_SCHEMA)
            .field("weight", Schema.FLOAT64_SCHEMA)
            .field("price", Decimal.schema(2))
            .field("paid", Schema.BOOLEAN_SCHEMA)
            .field("created_at", Timestamp.SCHEMA)
            .field(
                    "address",
                    SchemaBuilder.struct()
                            .field("street", Schema.STRING_SCHEMA)
                            .field("city", Schema.STRING_SCHEMA)
                            .build())
            .field("tags", SchemaBuilder.array(Schema.STRING_SCHEMA).build())
            .build();

    private static final Struct ORDER = new Struct(SCHEMA)
            .put("id", 123_456_789L)
            .put("customer", "Maria da Concei\u00e7\u00e3o")
            .put("item", "cork board, 40 x 60")
            .put("quantity", 3)
            .put("weight", 1.25)
            .put("price", new BigDecimal("17.90"))
            .put("paid", true)
            .put("created_at", new Date(1_767_225_600_123L))
            .put(
                    "address",
                    new Struct(SCHEMA.field("address").schema())
                            .put("street", "Rua da Carreira 12")
                            .put("city", "Funchal"))
            .put("tags", List.of("gift", "express"));

    @Test
    void timesARecordOfTenFields() {
        for (String schemas : List.of("false", "true")) {
            Converters both = Converters.of(Map.of("schemas.enable", schemas, "decimal.format", "NUMERIC"));
            byte[] bytes = both.theirs().fromConnectData("orders", SCHEMA, ORDER);
            print(
                    "write, schemas.enable=" + schemas,
                    both,
                    converter -> converter.fromConnectData("orders", SCHEMA, ORDER));
            print("read,  schemas.enable=" + schemas, both, converter -> converter.toConnectData("orders", bytes));
        }
    }

    @SuppressWarnings("SystemOut")
    private static void print(String what, Converters both, Consumer<Converter> work) {
        double[] ours = new double[ROUNDS];
        double[] theirs = new double[ROUNDS];
        for (int round = 0; round < ROUNDS; round++) {
            theirs[round] = nanosPerRecord(both.theirs(), work);
            ours[round] = nanosPerRecord(both.ours(), work);
        }
        double median = median(ours);
        double peer = median(theirs);
        System.out.printf("%s: ours %.0f ns, Apache's %.0f ns, ratio %.2f%n", what, median, peer, peer / median);
    }

    private static double nanosPerRecord(Converter converter, Consumer<Converter> work) {
        long records = 0;
        long start = System.nanoTime();
        long elapsed;
        do {
            for (int i = 0; i < 200; i++) {
                work.accept(converter);
            }
            records += 200;
            elapsed = System.nanoTime() - start;
        } while (elapsed < ROUND_NS);
        return (double) elapsed / records;
    }

    /** The first rounds warm up and are slow: the median leaves them out. */
    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
