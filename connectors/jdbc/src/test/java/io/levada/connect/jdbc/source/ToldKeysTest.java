/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.jdbc.dialect.Quoting;
import io.levada.connect.jdbc.dialect.TableId;
import io.levada.connect.jdbc.dialect.postgres.PostgresDialect;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.data.Timestamp;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.Test;

/** The keys that were told outlive the task, whatever of its records was committed. */
final class ToldKeysTest {

    private static final int CHUNK = 100;
    private static final Schema KEY =
            SchemaBuilder.struct().field("id", Schema.INT64_SCHEMA).build();
    private static final Relation ORDERS = new Relation(
            new TableId(null, "public", "orders"),
            "orders",
            Map.of("protocol", "1", "table", "public.orders"),
            "orders",
            "SELECT * FROM orders",
            List.of(),
            new PostgresDialect().identifiers(Quoting.ALWAYS),
            new ColumnChoice(
                    new PostgresDialect().identifiers(Quoting.ALWAYS), List.of(), List.of(), List.of(), List.of()),
            null);

    private final MemoryOffsets offsets = new MemoryOffsets();

    private ToldKeys load() {
        ToldKeys told = ToldKeys.load(ORDERS, offsets, JdbcOffset.of(offsets.offset(ORDERS.partition())), 1000, CHUNK);
        told.begin(KEY, Map.of());
        return told;
    }

    private static Struct key(long id) {
        return new Struct(KEY).put("id", id);
    }

    private static JdbcOffset at(long number) {
        return new JdbcOffset(number, null);
    }

    private static List<ToldKeys.Stored> tell(ToldKeys told, long... ids) {
        return told.tell(
                LongStream.of(ids).mapToObj(ToldKeysTest::key).toList(),
                LongStream.of(ids).mapToObj(ToldKeysTest::at).toList());
    }

    private void commit(List<ToldKeys.Stored> records) {
        records.forEach(each -> offsets.put(each.partition(), each.offset()));
    }

    private static Set<Long> gone(ToldKeys told, long... there) {
        told.beginLook();
        for (long id : there) {
            told.see(key(id));
        }
        Set<Long> gone = new TreeSet<>();
        told.takeGone(1000).forEach(each -> gone.add(each.key().getInt64("id")));
        return gone;
    }

    @Test
    void keysThatAreNotSeenAreGoneOnce() {
        ToldKeys told = load();
        tell(told, 1, 2, 3);
        tell(told, 2);

        assertThat(gone(told, 1, 3, 4)).containsExactly(2L);
        assertThat(gone(told, 1, 3)).isEmpty();

        tell(told, 2);
        assertThat(gone(told, 1, 3)).as("told once more").containsExactly(2L);
    }

    @Test
    void keysFillChunksThatRecordsOfTheirBatchCarry() {
        long[] ids = IntStream.rangeClosed(1, 50).mapToLong(i -> i).toArray();
        commit(tell(load(), ids));

        assertThat(offsets.all().keySet())
                .as("9 bytes each, chunks of 12 keys")
                .hasSize(5)
                .contains(ORDERS.partition(), Map.of("protocol", "1", "table", "public.orders", "keys", "3"));
        ToldKeys again = load();
        assertThat(again.place()).isEqualTo(at(50));
        assertThat(gone(again)).hasSize(50);
    }

    /** A record has one offset: that of the chunk, with the place. */
    @Test
    void singleRowThatFillsAChunkIsNotForgotten() {
        ToldKeys told = load();
        for (long id = 1; id <= 11; id++) {
            commit(tell(told, id));
        }
        commit(tell(told, 12));
        assertThat(offsets.offset(ORDERS.partition())).containsEntry("incrementing", 11L);
        assertThat(load().place()).isEqualTo(at(12));
        assertThat(gone(load(), 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)).containsExactly(12L);

        for (long id = 2; id <= 11; id++) {
            commit(tell(told, id));
        }
        assertThat(load().place()).as("where it was before the chunk").isEqualTo(at(11));
        commit(tell(told, 13));
        assertThat(load().place()).isEqualTo(at(13));
        assertThat(gone(load())).hasSize(13);
    }

    @Test
    void aPlaceThatIsAheadOutlivesTombstonesOfItsChunk() {
        ToldKeys told = load();
        for (long id = 1; id <= 12; id++) {
            commit(tell(told, id));
        }
        told.beginLook();
        told.see(key(12));
        told.takeGone(1000).forEach(each -> commit(List.of(each.stored())));

        assertThat(load().place()).isEqualTo(at(12));
        assertThat(gone(load())).containsExactly(12L);
    }

    private ToldKeys withAPlaceAhead() {
        ToldKeys told = load();
        for (long id = 1; id <= 12; id++) {
            commit(tell(told, id));
        }
        assertThat(load().place()).isEqualTo(at(12));
        return told;
    }

    @Test
    void aPlaceThatIsSetByHandCountsThoughAChunkIsAhead() {
        ToldKeys before = withAPlaceAhead();
        Map<String, Object> own = new HashMap<>(offsets.offset(ORDERS.partition()));
        own.put("incrementing", 5L);
        offsets.put(ORDERS.partition(), own);

        ToldKeys told = load();
        assertThat(told.place()).isEqualTo(at(5));
        assertThat(gone(told, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11))
                .as("each once")
                .containsExactly(12L);
        commit(tell(told, 6));
        assertThat(load().place()).isEqualTo(at(6));
        assertThat(before.place()).isEqualTo(at(12));
    }

    /** They are read from the beginning, and go on from there, not from where the chunk was. */
    @Test
    void aPlaceAheadOfAnOffsetThatIsNotThereAnyMoreNeverCountsAgain() {
        withAPlaceAhead();
        offsets.put(ORDERS.partition(), Map.of("incrementing", 20));

        ToldKeys told = load();
        assertThat(told.place()).isEqualTo(JdbcOffset.NONE);
        commit(tell(told, 1));
        assertThat(load().place()).isEqualTo(at(1));
        for (long id = 2; id <= 11; id++) {
            commit(tell(told, id));
        }
        assertThat(load().place()).as("where it was before the chunk").isEqualTo(at(11));
        commit(tell(told, 13));
        assertThat(load().place()).isEqualTo(at(13));
        assertThat(gone(load())).hasSize(13);
    }

    /** Without an offset of its own nobody would know that the chunk's place counts. */
    @Test
    void theFirstRowIsNoChunkHoweverLongItsKey() {
        ToldKeys told = ToldKeys.load(ORDERS, offsets, JdbcOffset.NONE, 1000, 1);
        told.begin(KEY, Map.of());
        commit(tell(told, 1));
        assertThat(load().place()).isEqualTo(at(1));
        commit(tell(told, 2));
        assertThat(load().place()).isEqualTo(at(2));
        assertThat(gone(load())).containsExactly(1L, 2L);
    }

    @Test
    void offsetOfATaskThatKeptNoKeysBeginsAnew() {
        offsets.put(ORDERS.partition(), Map.of("incrementing", 7));

        assertThat(load().place()).isEqualTo(JdbcOffset.NONE);
    }

    @Test
    void tooManyKeysAndKeysOfAnotherFormAreRefused() {
        ToldKeys few = ToldKeys.load(ORDERS, offsets, JdbcOffset.NONE, 2, CHUNK);
        few.begin(KEY, Map.of());
        assertThatThrownBy(() -> tell(few, 1, 2, 3))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("deletes.keys.max");

        commit(tell(load(), 1));
        ToldKeys told = ToldKeys.load(ORDERS, offsets, at(1), 2, CHUNK);
        assertThatThrownBy(() -> told.begin(
                        SchemaBuilder.struct().field("id", Schema.STRING_SCHEMA).build(), Map.of()))
                .hasMessageContaining("id:INT")
                .hasMessageContaining("id:STRING");
        told.begin(SchemaBuilder.struct().field("id", Schema.INT32_SCHEMA).build(), Map.of());
        told.beginLook();
        assertThat(told.takeGone(10)).extracting(each -> each.key().get("id")).containsExactly(1);
    }

    @Test
    void keysOfEveryTypeComeBackAsTheyWere() {
        Schema schema = SchemaBuilder.struct()
                .field("a", Schema.OPTIONAL_STRING_SCHEMA)
                .field("b", Schema.BYTES_SCHEMA)
                .field("c", Schema.BOOLEAN_SCHEMA)
                .field("d", Decimal.schema(2))
                .field("e", Timestamp.SCHEMA)
                .field("f", Schema.FLOAT32_SCHEMA)
                .field("g", Schema.INT8_SCHEMA)
                .build();
        Struct key = new Struct(schema)
                .put("a", "ä,\0")
                .put("b", new byte[] {1, 2})
                .put("c", true)
                .put("d", new BigDecimal("-1.50"))
                .put("e", new Date(-1))
                .put("f", 0.1f)
                .put("g", (byte) -3);
        Struct other = new Struct(schema)
                .put("b", new byte[0])
                .put("c", false)
                .put("d", new BigDecimal("0.00"))
                .put("e", new Date(0))
                .put("f", 0f)
                .put("g", (byte) 0);

        String packed = KeyBytes.pack(List.of(KeyBytes.of(key), KeyBytes.of(other)));

        assertThat(KeyBytes.unpack(packed, 7))
                .extracting(bytes -> KeyBytes.read(bytes, schema))
                .containsExactly(key, other);
    }

    /** Rows come and go; now and then the task ends, and of its last batch all, a part or nothing is committed. */
    @Test
    void whatWasToldAndNotTakenBackIsKnownWhereverATaskEnds() {
        long seed = Long.getLong("levada.seed", System.nanoTime());
        Random random = new Random(seed);
        Set<Long> told = new TreeSet<>();
        ToldKeys keys = load();
        Set<Long> ever = new TreeSet<>();
        long rows = 0;
        long whole = 0; // behind the last batch that was committed as a whole
        for (int i = 0; i < 500; i++) {
            List<Long> ids = new ArrayList<>();
            List<ToldKeys.Stored> batch;
            boolean deletes = random.nextInt(3) == 0;
            if (deletes) {
                List<ToldKeys.Gone> gone = look(keys, 1 + random.nextInt(4), 1 + random.nextInt(30));
                gone.forEach(each -> ids.add(each.key().getInt64("id")));
                batch = gone.stream().map(ToldKeys.Gone::stored).toList();
            } else {
                int count = 1 + random.nextInt(random.nextBoolean() ? 1 : 40);
                random.longs(count, 0, 300).forEach(ids::add);
                long before = rows;
                batch = keys.tell(
                        ids.stream().map(ToldKeysTest::key).toList(),
                        IntStream.rangeClosed(1, count)
                                .mapToObj(j -> at(before + j))
                                .toList());
            }
            boolean ends = random.nextInt(6) == 0;
            ever.addAll(ids);
            int committed = ends ? random.nextInt(batch.size() + 1) : batch.size();
            commit(batch.subList(0, committed));
            List<Long> count = ids.subList(0, committed);
            if (deletes) {
                count.forEach(told::remove);
            } else {
                told.addAll(count);
                rows += committed;
            }
            if (ends) {
                keys = load();
                assertThat(number(keys.place())).as("place, seed %d", seed).isBetween(whole, rows);
                rows = number(keys.place());
            }
            whole = rows;
        }
        assertThat(number(load().place())).as("place, seed %d", seed).isEqualTo(rows);
        ToldKeys last = load();
        last.beginLook();
        assertThat(last.takeGone(1000))
                .extracting(each -> each.key().getInt64("id"))
                .as("seed %d", seed)
                .doesNotHaveDuplicates()
                .containsAll(told)
                .isSubsetOf(ever);
    }

    private static long number(JdbcOffset place) {
        return place.incrementing() == null ? 0 : place.incrementing();
    }

    private static List<ToldKeys.Gone> look(ToldKeys keys, int there, int max) {
        keys.beginLook();
        for (long id = 0; id < 300; id += there) {
            keys.see(key(id));
        }
        return keys.takeGone(max);
    }
}
