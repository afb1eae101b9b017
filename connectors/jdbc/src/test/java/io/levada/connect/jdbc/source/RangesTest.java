/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.jdbc.dialect.TableId;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How ranges are cut, handed out to tasks, and written down. */
final class RangesTest {

    private static final Ranges LOAD = new Ranges("id", List.of("10", "20", "30"), new JdbcOffset(99L, null));

    private static boolean holds(KeyRange range, BigDecimal key) {
        return (range.from() == null || key.compareTo(new BigDecimal(range.from())) >= 0)
                && (range.to() == null || key.compareTo(new BigDecimal(range.to())) < 0);
    }

    /** Any numbers, before, between and behind those that the steps were made of. */
    @Test
    void everyNumberIsInOneRange() {
        for (long seed = 1; seed <= 200; seed++) {
            Random random = new Random(seed);
            TreeSet<BigDecimal> keys = new TreeSet<>();
            int bits = 1 + random.nextInt(90);
            for (int i = 0; i < 2 + random.nextInt(30); i++) {
                keys.add(new BigDecimal(
                        new BigInteger(bits, random).subtract(BigInteger.ONE.shiftLeft(bits - 1)), random.nextInt(3)));
            }
            int parts = 2 + random.nextInt(10);
            List<String> steps = RangeFinder.steps(keys.first(), keys.last(), parts);
            assertThat(steps.stream().map(BigDecimal::new).toList())
                    .as("seed %d", seed)
                    .isSorted()
                    .doesNotHaveDuplicates()
                    .hasSizeLessThan(parts);
            if (steps.isEmpty()) {
                continue;
            }
            Ranges ranges = new Ranges("id", steps, JdbcOffset.NONE);
            for (int i = 0; i < 20; i++) {
                keys.add(new BigDecimal(new BigInteger(bits + 2, random).subtract(BigInteger.ONE.shiftLeft(bits))));
            }
            steps.forEach(step -> keys.add(new BigDecimal(step)));
            for (BigDecimal key : keys) {
                assertThat(IntStream.range(0, ranges.count()).filter(i -> holds(ranges.range(i), key)))
                        .as("seed %d, key %s", seed, key)
                        .hasSize(1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1,1", "2,1", "4,4", "4,3", "7,2", "64,5"})
    void sharesHoldEveryRangeOnce(int ranges, int shares) {
        Ranges all = new Ranges(
                "id", IntStream.range(1, ranges).mapToObj(String::valueOf).toList(), JdbcOffset.NONE);
        List<Integer> held = new ArrayList<>();
        for (int i = 0; i < shares; i++) {
            new AssignedRanges(i, shares, all).of(all).forEach(held::add);
        }
        assertThat(held)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, ranges).boxed().toList());
    }

    @Test
    void whatIsInTheConfigurationOfATaskComesBack() {
        for (Ranges ranges : List.of(
                LOAD,
                new Ranges("a;b", List.of("x,y", ";", "${env:HOME}", "50% 'ä'\n"), JdbcOffset.NONE),
                new Ranges("id", List.of("7"), new JdbcOffset(null, Instant.ofEpochMilli(-5))))) {
            String text = new AssignedRanges(1, 2, ranges).write();
            assertThat(text).doesNotContain("${");
            assertThat(AssignedRanges.read(text)).isEqualTo(new AssignedRanges(1, 2, ranges));
        }
    }

    @Test
    void offsetsComeBackAndHaveADocumentedForm() {
        RangeOffset offset = new RangeOffset(12, 3, LOAD);
        assertThat(offset.toMap())
                .containsExactly(
                        Map.entry("key", 12L),
                        Map.entry("rows", 3L),
                        Map.entry("column", "id"),
                        Map.entry("ranges", "10,20,30"),
                        Map.entry("upto.incrementing", 99L));
        assertThat(RangeOffset.of(offset.toMap())).isEqualTo(offset);

        RangeOffset ofMoment = new RangeOffset(
                -1,
                3,
                new Ranges("id", List.of("-4.5"), new JdbcOffset(null, Instant.ofEpochMilli(1_700_000_000_123L))));
        assertThat(RangeOffset.of(ofMoment.toMap())).isEqualTo(ofMoment);
    }

    private static PlannedTable table(String name, int ranges) {
        return new PlannedTable(
                new TableId(null, "s", name),
                ranges == 1
                        ? null
                        : new Ranges(
                                "id",
                                IntStream.range(1, ranges)
                                        .mapToObj(String::valueOf)
                                        .toList(),
                                JdbcOffset.NONE));
    }

    @ParameterizedTest
    @CsvSource({"1 4,8,1 4", "1 4,5,1 4", "1 4,3,1 2", "4 4,6,3 3", "8 2,5,4 1", "1 1,9,1 1", "64,9,9", "4 4,2,1 1"})
    void tasksAreSharedOutByRanges(String ranges, int maxTasks, String expected) {
        List<PlannedTable> tables = new ArrayList<>();
        for (String each : ranges.split(" ")) {
            tables.add(table("t" + tables.size(), Integer.parseInt(each)));
        }
        List<Map<String, String>> tasks = AssignedTables.assign(tables, maxTasks);

        List<Integer> counts = new ArrayList<>();
        for (PlannedTable each : tables) {
            List<Map<String, String>> own = tasks.stream()
                    .filter(task -> AssignedTables.read(task.getOrDefault(AssignedTables.KEY, ""))
                            .contains(each.table()))
                    .toList();
            counts.add(own.size());
            assertThat(own.stream().map(task -> task.get(AssignedRanges.KEY)).distinct())
                    .as("a share of its own for each task")
                    .hasSize(own.size());
        }
        assertThat(counts)
                .containsExactlyElementsOf(
                        Arrays.stream(expected.split(" ")).map(Integer::valueOf).toList());
    }
}
