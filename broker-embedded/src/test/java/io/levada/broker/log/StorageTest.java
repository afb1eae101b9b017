/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.files.LogDirectoryException;
import io.levada.broker.log.files.LogFileNames;
import io.levada.broker.log.storage.PartitionReport;
import io.levada.broker.log.storage.Storage;
import io.levada.broker.log.storage.StorageProblem;
import io.levada.broker.simulation.SimulatedThreads;
import io.levada.broker.simulation.disk.ProcessDeath;
import io.levada.broker.simulation.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A check finds what is damaged and changes nothing; a repair takes out that and nothing else, and the partition serves again. */
class StorageTest {
    private static final int COUNT = 60;
    private static final List<String> ALL =
            IntStream.range(0, COUNT).mapToObj(i -> "value " + (char) ('A' + i)).toList();
    private static final LogConfig SMALL_SEGMENTS =
            LogFixture.config("segment.bytes", "1024", "index.interval.bytes", "100");
    private static final int BATCH = Batches.of(ALL.get(0)).sizeInBytes();

    @TempDir
    Path dir;

    private LogFixture fixture;

    @BeforeEach
    void severalSegments() {
        fixture = LogFixture.in(dir.resolve("data"), "segment.bytes", "1024", "index.interval.bytes", "100");
        for (int i = 0; i < COUNT; i++) {
            fixture.log().append(Batches.at(1000 + i, ALL.get(i)));
        }
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void nothingIsWrongWithWhatWasClosed() throws IOException {
        fixture.stop();
        PartitionReport report = verify();
        assertThat(report.problems()).isEmpty();
        assertThat(report.batches()).isEqualTo(COUNT);
        assertThat(report.endOffset()).isEqualTo(COUNT);
    }

    @Test
    void nothingIsWrongWithWhatIsBeingWritten() throws IOException {
        Storage live = Storage.of(fixture.dir);
        assertThat(live.isLive()).isTrue();
        Files.write(active(), Arrays.copyOf(Files.readAllBytes(active()), (int) Files.size(active()) + 7));
        assertThat(live.verify(LogFixture.ORDERS, false).problems()).isEmpty();
        assertThatThrownBy(() -> live.repair(List.of(live.verify(LogFixture.ORDERS, false))))
                .isInstanceOf(LogDirectoryException.class)
                .hasMessageContaining("in use");
    }

    @Test
    void aFlippedBitIsFoundWhereItIs() throws IOException {
        fixture.stop();
        flip(logs().get(1), BATCH + 70);
        PartitionReport report = verify();
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(StorageProblem.Kind.DAMAGE);
            assertThat(problem.file()).isEqualTo(logs().get(1));
            assertThat(problem.position()).isEqualTo(BATCH);
            assertThat(problem.bytes()).isEqualTo(BATCH);
            assertThat(problem.offset()).isEqualTo(base(logs().get(1)) + 1);
            assertThat(problem.what()).contains("checksum");
        });
    }

    /** What is gone behind it is no part of what a repair took out. */
    @Test
    void whatIsLostLaterIsFoundAlsoBehindARepair() throws IOException {
        fixture.stop();
        Path log = logs().get(1);
        flip(log, BATCH + 70);
        repair();
        assertThat(verify().problems()).isEmpty();
        byte[] repaired = Files.readAllBytes(log);
        Files.write(log, Arrays.copyOf(repaired, repaired.length - 2 * BATCH));
        assertThat(verify().problems()).anySatisfy(problem -> {
            assertThat(problem.kind()).isEqualTo(StorageProblem.Kind.MISSING);
            assertThat(problem.file()).isEqualTo(log);
        });
        fixture.start();
        assertThat(fixture.directory().offline()).hasSize(1);
    }

    @Test
    void noIndexIsBlamedForTheBatchThatIsDamaged() throws IOException {
        fixture.stop();
        Path log = logs().get(1);
        byte[] whole = Files.readAllBytes(log);
        for (int batch = 0; batch < whole.length / BATCH; batch++) {
            flip(log, batch * BATCH + 70);
            assertThat(verify().problems())
                    .as("batch %d", batch)
                    .singleElement()
                    .satisfies(problem -> assertThat(problem.kind()).isEqualTo(StorageProblem.Kind.DAMAGE));
            Files.write(log, whole);
        }
    }

    @Test
    void aCheckChangesNothing() throws IOException {
        fixture.stop();
        flip(logs().get(1), 70);
        Map<String, String> before = content();
        PartitionReport report = verify();
        assertThat(Storage.of(fixture.dir).plan(report)).isNotEmpty();
        assertThat(content()).isEqualTo(before);
    }

    @Test
    void indexesThatDoNotFitAreMadeAnewByAStart() throws IOException {
        fixture.stop();
        Path index = fixture.file(0, ".index");
        byte[] bytes = Files.readAllBytes(index);
        bytes[7] ^= 1;
        Files.write(index, bytes);
        Files.write(fixture.file(0, ".timeindex"), new byte[13]);
        PartitionReport report = verify();
        assertThat(report.isDamaged()).isFalse();
        assertThat(report.problems()).extracting(StorageProblem::file).contains(index, fixture.file(0, ".timeindex"));
    }

    @Test
    void aRepairTakesOutOneBatchAndKeepsItBeside() throws IOException {
        fixture.stop();
        Path log = logs().get(1);
        byte[] before = Files.readAllBytes(log);
        int lost = (int) base(log) + 1;
        flip(log, BATCH + 70);
        byte[] damaged = Files.readAllBytes(log);
        repair();
        assertThat(Files.size(log)).isEqualTo(before.length - BATCH);
        assertThat(log.resolveSibling(log.getFileName() + "." + BATCH + ".damaged"))
                .hasBinaryContent(Arrays.copyOfRange(damaged, BATCH, 2 * BATCH));
        servesAllBut(lost);
    }

    @Test
    void whatIsLostAtTheEndIsNotGivenOutAgain() throws IOException {
        fixture.stop();
        Files.write(active(), Arrays.copyOf(Files.readAllBytes(active()), (int) Files.size(active()) - 3));
        repair();
        servesAllBut(COUNT - 1);
        fixture.start();
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(COUNT);
    }

    @Test
    void aMissingSegmentIsAcceptedByARepair() throws IOException {
        fixture.stop();
        Path gone = logs().get(2);
        long from = base(gone);
        long to = base(logs().get(3));
        Files.delete(gone);
        assertThat(verify().problems())
                .anySatisfy(problem -> assertThat(problem.kind()).isEqualTo(StorageProblem.Kind.MISSING));
        repair();
        servesAllBut(IntStream.range((int) from, (int) to).toArray());
    }

    @Test
    void aFolderThatIsMissingIsMadeAnewBehindWhatWasInIt() throws IOException {
        fixture.stop();
        Uuid topic = Uuid.randomUuid();
        try (Stream<Path> all = Files.walk(fixture.folder())) {
            for (Path file : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Storage storage = Storage.of(fixture.dir);
        PartitionReport report = storage.verify(LogFixture.ORDERS, topic, false);
        assertThat(report.problems()).extracting(StorageProblem::kind).containsExactly(StorageProblem.Kind.NO_FOLDER);
        assertThat(report.isDamaged()).isTrue();
        assertThat(storage.plan(report))
                .singleElement()
                .asString()
                .contains("offset " + COUNT)
                .contains("copy");
        assertThat(fixture.folder()).doesNotExist();
        storage.repair(List.of(report));
        assertThat(Storage.of(fixture.dir)
                        .verify(LogFixture.ORDERS, topic, false)
                        .problems())
                .isEmpty();
        fixture.start();
        assertThat(fixture.log().topicId()).isEqualTo(topic);
        assertThat(fixture.log().append(Batches.of("next")).baseOffset()).isEqualTo(COUNT);
        assertThat(fixture.values()).containsExactly("next");
        assertThat(fixture.log().leaderEpoch())
                .as("larger than any that a client may know")
                .isGreaterThan(1_000_000);
    }

    @Test
    void noBrokerComesBetweenALookAndItsRepair() throws IOException {
        fixture.stop();
        try (Storage alone = Storage.exclusively(fixture.dir)) {
            assertThat(alone.isLive()).isFalse();
            assertThatThrownBy(fixture::start)
                    .isInstanceOf(LogDirectoryException.class)
                    .hasMessageContaining("in use");
            alone.repair(List.of(alone.verify(LogFixture.ORDERS, false)));
            assertThatThrownBy(fixture::start).hasMessageContaining("in use");
        }
        fixture.start();
        assertThat(fixture.values()).isEqualTo(ALL);
        assertThatThrownBy(() -> Storage.exclusively(fixture.dir)).isInstanceOf(LogDirectoryException.class);
    }

    @Test
    void theTopicsIdIsWrittenAnew() throws IOException {
        fixture.stop();
        Uuid topic = Uuid.randomUuid();
        Path file = fixture.folder().resolve("partition.metadata");
        for (byte[] content : new byte[][] {{}, {1, 2, 3}, "version: 0\ntopic_id: AAAA".getBytes(US_ASCII), null}) {
            Files.deleteIfExists(file);
            if (content != null) {
                Files.write(file, content);
            }
            Storage storage = Storage.of(fixture.dir);
            PartitionReport report = storage.verify(LogFixture.ORDERS, topic, false);
            assertThat(report.problems())
                    .extracting(StorageProblem::kind)
                    .containsExactly(StorageProblem.Kind.NO_TOPIC_ID);
            assertThat(storage.plan(report)).singleElement().asString().contains(topic.toString());
            storage.repair(List.of(report));
            fixture.start();
            assertThat(fixture.log().topicId()).isEqualTo(topic);
            assertThat(fixture.values()).isEqualTo(ALL);
            fixture.stop();
        }
    }

    @Test
    void theWrongOffsetOfABatchIsFoundByItsNeighbours() throws IOException {
        fixture.stop();
        flip(logs().get(0), 5 * BATCH + 3); // the base offset, which no checksum covers
        assertThat(verify().problems())
                .filteredOn(StorageProblem::isDamage)
                .singleElement()
                .satisfies(problem -> assertThat(problem.position()).isEqualTo(5L * BATCH));
    }

    /** Whatever is damaged: a repair leaves every batch that is whole, at its offset, and the partition serves. */
    @Test
    void anyDamageIsRepairedWithTheLeastLoss() throws IOException {
        fixture.stop();
        for (int seed = 0; seed < 25; seed++) {
            Random random = new Random(seed);
            LogFixture copy = copy("copy-" + seed);
            List<Integer> hit = new ArrayList<>();
            for (int i = 0; i <= random.nextInt(3); i++) {
                hit.add(damage(copy, random));
            }
            Storage storage = Storage.of(copy.dir);
            PartitionReport report = storage.verify(LogFixture.ORDERS, false);
            assertThat(report.isDamaged()).as("seed %d", seed).isTrue();
            storage.repair(List.of(report));
            assertThat(Storage.of(copy.dir).verify(LogFixture.ORDERS, false).isDamaged())
                    .as("seed %d", seed)
                    .isFalse();
            for (boolean clean : new boolean[] {false, true}) {
                copy.start();
                List<String> expected = IntStream.range(0, COUNT)
                        .filter(i -> !hit.contains(i))
                        .mapToObj(ALL::get)
                        .toList();
                assertThat(copy.values()).as("seed %d, clean %s", seed, clean).isEqualTo(expected);
                copy.stop();
            }
        }
    }

    @Test
    void aFileThatCannotBeReadIsAProblemOfItsPartition() throws IOException {
        fixture.stop();
        Path folder = Files.createDirectory(fixture.file(99_999, ".log"));
        PartitionReport report = verify();
        assertThat(report.problems()).singleElement().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(StorageProblem.Kind.UNUSABLE);
            assertThat(problem.what()).contains("cannot be read");
        });
        assertThat(report.isRepairable()).isFalse();
        Storage.of(fixture.dir).repair(List.of(report));
        Files.delete(folder);
        servesAllBut();
    }

    @Test
    void nothingIsWrongWithWhatABrokerHasJustRemoved() throws IOException {
        Storage live = Storage.of(fixture.dir);
        fixture.directory().delete(LogFixture.ORDERS);
        assertThat(live.verify(LogFixture.ORDERS, false).problems()).isEmpty();
    }

    @Test
    void whatOneRepairKeptIsNotReplacedByTheNext() throws IOException {
        fixture.stop();
        Path log = logs().get(1);
        List<byte[]> taken = new ArrayList<>();
        for (int repair = 0; repair < 2; repair++) {
            flip(log, BATCH + 70);
            taken.add(Arrays.copyOfRange(Files.readAllBytes(log), BATCH, 2 * BATCH));
            repair();
        }
        Path first = log.resolveSibling(log.getFileName() + "." + BATCH + ".damaged");
        assertThat(first).hasBinaryContent(taken.get(0));
        assertThat(log.resolveSibling(first.getFileName() + ".1")).hasBinaryContent(taken.get(1));
    }

    @Test
    void notesOfEarlierRepairsThatAreDamagedTooStandInTheWayOfNone() throws IOException {
        fixture.stop();
        Path gone = logs().get(2);
        int from = (int) base(gone);
        int to = (int) base(logs().get(3));
        Files.delete(gone);
        repair();
        Files.writeString(fixture.folder().resolve("repaired-offsets-checkpoint"), "rubbish");
        flip(logs().get(0), 70);
        repair();
        servesAllBut(
                IntStream.concat(IntStream.of(0), IntStream.range(from, to)).toArray());
    }

    @Test
    void anIndexLargerThanAnyLogNeedsIsMadeAnewByAStart() throws IOException {
        fixture.stop();
        Path index = fixture.file(0, ".index");
        try (FileChannel channel = FileChannel.open(index, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(8), 3L << 30); // a hole, not three gigabytes
        }
        assertThat(verify().isDamaged()).isFalse();
        assertThat(verify().problems()).extracting(StorageProblem::file).contains(index);
        servesAllBut();
        assertThat(Files.size(index)).isLessThan(1024);
    }

    /** Killed at any step, with a start in between: the repair that is run again comes to its end. */
    @Test
    void aRepairThatIsKilledIsRunAgain() throws IOException {
        int step = 1;
        boolean wasKilled = true;
        for (; wasKilled; step++) {
            SimulatedDisk disk = new SimulatedDisk(fixture.clock, new SplittableRandom(step));
            Path data = disk.path("/data");
            damagedIn(data);
            disk.dieAfter(step);
            try {
                repair(data);
                wasKilled = false;
            } catch (ProcessDeath died) {
                assertThat(disk.isDead()).isTrue();
            }
            disk.restart(false);
            open(data).close();
            repair(data);
            try (LogDirectory directory = open(data)) {
                servesAllButTwo(directory.log(LogFixture.ORDERS).orElseThrow());
            }
        }
        assertThat(step).isGreaterThan(20);
    }

    private static void servesAllButTwo(PartitionLog log) {
        assertThat(LogFixture.values(log))
                .isEqualTo(IntStream.range(0, COUNT)
                        .filter(i -> i != 1 && i != COUNT - 1)
                        .mapToObj(ALL::get)
                        .toList());
    }

    /** A directory closed in good order; then its second batch and its last are damaged. */
    private void damagedIn(Path data) throws IOException {
        try (LogDirectory directory = open(data)) {
            PartitionLog log = directory.create(LogFixture.ORDERS, Uuid.randomUuid(), SMALL_SEGMENTS);
            for (int i = 0; i < COUNT; i++) {
                log.append(Batches.at(1000 + i, ALL.get(i)));
            }
        }
        List<Path> logs = logs(data.resolve("orders-0"));
        flip(logs.get(0), BATCH + 70);
        Path last = logs.get(logs.size() - 1);
        flip(last, (int) Files.size(last) - 1);
    }

    private LogDirectory open(Path data) {
        return LogDirectory.open(
                data,
                partition -> SMALL_SEGMENTS,
                LogOptions.of(FlushPolicy.OS),
                fixture.clock,
                SimulatedThreads.inline());
    }

    private static void repair(Path data) throws IOException {
        Storage storage = Storage.of(data);
        PartitionReport report = storage.verify(LogFixture.ORDERS, false);
        if (report.isDamaged()) {
            storage.repair(List.of(report));
        }
    }

    /** Overwrites bytes within the records of one batch; returns its offset. */
    private int damage(LogFixture copy, Random random) throws IOException {
        List<Path> files = logs(copy.folder());
        Path file = files.get(random.nextInt(files.size() - 1));
        byte[] bytes = Files.readAllBytes(file);
        int batch = random.nextInt(bytes.length / BATCH);
        int at = batch * BATCH + 21 + random.nextInt(BATCH - 21);
        bytes[at] ^= (byte) (1 + random.nextInt(255));
        Files.write(file, bytes);
        return (int) base(file) + batch;
    }

    private LogFixture copy(String name) throws IOException {
        Path target = fixture.killedCopy(dir.resolve(name));
        return LogFixture.at(target, "segment.bytes", "1024", "index.interval.bytes", "100");
    }

    private void servesAllBut(int... lost) {
        List<Integer> gone = Arrays.stream(lost).boxed().toList();
        for (int start = 0; start < 2; start++) {
            fixture.start();
            List<String> expected = IntStream.range(0, COUNT)
                    .filter(i -> !gone.contains(i))
                    .mapToObj(ALL::get)
                    .toList();
            assertThat(fixture.values()).isEqualTo(expected);
            fixture.stop();
        }
    }

    private PartitionReport verify() throws IOException {
        return Storage.of(fixture.dir).verify(LogFixture.ORDERS, false);
    }

    private void repair() throws IOException {
        Storage.of(fixture.dir).repair(List.of(verify()));
    }

    private static void flip(Path file, int at) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[at] ^= 1;
        Files.write(file, bytes);
    }

    private static long base(Path log) {
        return LogFileNames.offset(log, ".log").orElseThrow();
    }

    private Path active() throws IOException {
        return logs().get(logs().size() - 1);
    }

    private List<Path> logs() throws IOException {
        return logs(fixture.folder());
    }

    private static List<Path> logs(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.filter(file -> file.toString().endsWith(".log")).sorted().toList();
        }
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(fixture.dir)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                content.put(file.toString(), HexFormat.of().formatHex(Files.readAllBytes(file)));
            }
        }
        return content;
    }
}
