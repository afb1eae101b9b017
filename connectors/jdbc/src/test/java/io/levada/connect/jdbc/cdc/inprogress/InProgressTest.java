/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.inprogress;

import static io.levada.connect.jdbc.cdc.pgoutput.Layout.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.connect.jdbc.cdc.pgoutput.Layout;
import io.levada.connect.jdbc.cdc.pgoutput.Message;
import io.levada.connect.jdbc.cdc.pgoutput.Tuple;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Streams as a server may send them, and what is told of them. */
final class InProgressTest {

    private static final int ROOMY = 1_000_000;

    /** Nothing but the newest message stays in memory. */
    private static final int TIGHT = 0;

    @TempDir
    private Path folder;

    private final List<String> told = new ArrayList<>();
    private InProgress transactions;
    private long lsn;

    @BeforeEach
    void open() {
        transactions = open(ROOMY);
    }

    @AfterEach
    void close() throws SQLException {
        transactions.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {ROOMY, TIGHT, 150})
    void tellsTransactionsThatCameInTurnsInTheOrderOfTheirCommits(int memoryMax) throws Exception {
        begin(memoryMax);
        block(1, true, relation(1, "t"), insert(1, "a1"));
        block(2, true, relation(2, "t"), insert(2, "b1"));
        plain("small");
        block(1, false, insert(1, "a2"));
        block(2, false, insert(2, "b2"));
        commit(2);
        commit(1);

        assertThat(told)
                .containsExactly(
                        "begin 900 at 3",
                        "t at 3",
                        "small at 4",
                        "commit 5",
                        "begin 2 at 2",
                        "t at 2",
                        "b1 at 2",
                        "b2 at 7",
                        "commit 8",
                        "begin 1 at 1",
                        "t at 1",
                        "a1 at 1",
                        "a2 at 6",
                        "commit 9");
        assertThat(folder).as("files have no names").isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {ROOMY, TIGHT})
    void leavesOutWhatWasRolledBack(int memoryMax) throws Exception {
        begin(memoryMax);
        block(1, true, relation(1, "t"), insert(1, "kept"), insert(11, "savepoint"), insert(12, "within"));
        take(message("A").ints(1).ints(12));
        block(1, false, insert(11, "savepoint too"));
        take(message("A").ints(1).ints(11));
        block(1, false, relation(13, "t"), insert(13, "released"), insert(1, "kept too"));
        commit(1);

        assertThat(told)
                .containsExactly(
                        "begin 1 at 1", "t at 1", "kept at 1", "t at 5", "released at 5", "kept too at 6", "commit 7");
    }

    @Test
    void tellsNothingOfATransactionThatWasRolledBackOrIsEmpty() throws Exception {
        begin(TIGHT);
        block(1, true, relation(1, "t"), insert(1, "a"));
        take(message("A").ints(1).ints(1));
        block(2, true);
        block(2, false);
        commit(2);
        block(3, true, relation(33, "t"), insert(33, "b"));
        take(message("A").ints(3).ints(33));
        commit(3);
        take(message("A").ints(4).ints(4));

        assertThat(told).isEmpty();
        block(1, true, relation(1, "t"));
        commit(1);
        assertThat(told).as("the number may be used again").isNotEmpty();
    }

    /** The server takes what it has sent last to be known, though it was sent for a transaction that is committed later. */
    @Test
    void knowsOfARelationWhatCameLastAndWasNotRolledBack() throws Exception {
        begin(ROOMY);
        block(1, true, relation(1, "old"), insert(1, "a"));
        block(2, true, relation(2, "older"));
        plain("b", "new");
        block(3, true, relation(33, "never"));
        take(message("A").ints(3).ints(33));
        commit(3);
        commit(1);
        commit(2);
        assertThat(told)
                .containsExactly(
                        "begin 900 at 2",
                        "new at 2",
                        "b at 3",
                        "commit 4",
                        "begin 1 at 1",
                        "old at 1",
                        "a at 1",
                        "new at 6",
                        "commit 6",
                        "begin 2 at 7",
                        "older at 7",
                        "new at 7",
                        "commit 7");

        told.clear();
        block(4, true, relation(4, "newest"));
        commit(4);
        assertThat(told).containsExactly("begin 4 at 8", "newest at 8", "commit 8");
    }

    @Test
    void knowsOfARelationWhatTheTransactionItselfToldLast() throws Exception {
        begin(ROOMY);
        block(1, true, relation(1, "old"));
        plain("b", "new");
        told.clear();
        block(1, false, relation(1, "newest"));
        commit(1);

        assertThat(told).containsExactly("begin 1 at 4", "old at 4", "newest at 4", "commit 4");
    }

    /** But for one, which tells where the transaction begins. */
    @Test
    void doesNotKeepChangesThatNobodyWants() throws Exception {
        begin(TIGHT);
        block(1, true, relation(1, "unwanted"), insert(1, "a"), insert(1, "c"), relation(1, "t"), insert(1, "b"));
        block(1, false, relation(1, "unwanted"), insert(1, "d"));
        commit(1);

        assertThat(told)
                .containsExactly(
                        "begin 1 at 1",
                        "unwanted at 1",
                        "a at 1",
                        "t at 3",
                        "b at 3",
                        "unwanted at 4",
                        "d at 4",
                        "commit 5");
    }

    @Test
    void tellsTheOriginOfAll() throws Exception {
        begin(TIGHT);
        take(message("S").ints(1).raw(1));
        take(message("O").longs(0).text("elsewhere"));
        take(message("Y").ints(1).ints(9).text("public").text("mood"));
        take(relation(1, "t"));
        take(message("E"));
        commit(1);

        assertThat(told).containsExactly("begin 1 at 1", "from elsewhere", "t at 1", "commit 1");
    }

    @Test
    void keepsMessagesThatAreLargerThanWhatIsReadAtOnce() throws Exception {
        String large = "x".repeat(1_000_000);
        begin(TIGHT);
        block(1, true, relation(1, "t"), insert(1, large), insert(1, "small"), insert(1, large));
        commit(1);

        assertThat(told)
                .containsExactly("begin 1 at 1", "t at 1", large + " at 1", "small at 2", large + " at 3", "commit 4");
    }

    static Stream<List<byte[]>> wrongStreams() throws IOException {
        byte[] start = message("S").ints(1).raw(1).bytes();
        return Stream.of(
                List.of(message("E").bytes()),
                List.of(start, start),
                List.of(start, message("E").bytes(), start),
                List.of(message("S").ints(1).raw(0).bytes()),
                List.of(start, message("B").longs(1).longs(1).ints(1).bytes()),
                List.of(start, message("A").ints(1).ints(1).bytes()),
                List.of(start, message("I").raw(1).bytes()),
                List.of(start, new byte[0]),
                List.of(start, message("R").ints(1).ints(2).bytes()),
                List.of(message("c").ints(1).raw(0).longs(1).longs(1).longs(1).bytes()));
    }

    @ParameterizedTest
    @MethodSource("wrongStreams")
    void refusesWhatDoesNotBelongWhereItComes(List<byte[]> messages) {
        begin(ROOMY);
        assertThatThrownBy(() -> {
                    for (byte[] each : messages) {
                        transactions.take(ByteBuffer.wrap(each.clone()), 1);
                    }
                })
                .isInstanceOf(ConnectException.class)
                .hasMessageStartingWith("the server ");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void damageIsRefusedOrReadButNeverAnythingElse(long seed) throws Exception {
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            begin(random.nextBoolean() ? ROOMY : TIGHT);
            List<byte[]> messages = List.of(
                    message("S").ints(1).raw(1).bytes(),
                    relation(1, "t"),
                    insert(1, "a"),
                    message("E").bytes(),
                    message("A").ints(1).ints(2).bytes(),
                    message("c").ints(1).raw(0).longs(1).longs(2).longs(3).bytes());
            byte[] damaged = messages.get(random.nextInt(messages.size()));
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                for (byte[] each : messages) {
                    transactions.take(ByteBuffer.wrap(each), 1);
                }
            } catch (ConnectException e) {
                assertThat(e).hasMessageStartingWith("the server ");
            }
            transactions.close();
        }
    }

    @Test
    void saysThatTheFolderCannotBeUsed() {
        assertThatThrownBy(() -> new InProgress(folder.resolve("none"), ROOMY, any -> true, this::note))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining(folder.resolve("none").toString())
                .hasMessageContaining("transactions.in.progress.directory");
    }

    /** As where the disk is full; the server sends all again. */
    @Test
    void saysThatATransactionCannotBeKept() throws Exception {
        begin(TIGHT);
        Files.delete(folder);
        assertThatThrownBy(() -> block(77, true, relation(1, "t")))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("53100"))
                .hasMessageContaining("transaction 77")
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("make room there");
    }

    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(ints = {0, 20, 70})
    void noticesWhatTheDiskHasLost(int bytesLeft) throws Exception {
        begin(TIGHT);
        block(77, true, relation(1, "t"), insert(1, "a"));
        try (FileChannel file = FileChannel.open(fileOfThisProcess(), StandardOpenOption.WRITE)) {
            file.truncate(bytesLeft);
        }
        assertThatThrownBy(() -> commit(77))
                .isInstanceOfSatisfying(
                        SQLException.class, e -> assertThat(e.getSQLState()).isEqualTo("58030"))
                .hasMessageContaining("transaction 77")
                .hasMessageContaining("the file has " + bytesLeft + " bytes")
                .hasMessageContaining("transactions.in.progress.directory");
    }

    @EnabledOnOs(OS.LINUX)
    @ParameterizedTest
    @ValueSource(ints = {0, 17, 20, 30, 60})
    void noticesWhatTheDiskHasChanged(int place) throws Exception {
        begin(TIGHT);
        block(77, true, relation(1, "t"), insert(1, "a"));
        try (FileChannel file = FileChannel.open(fileOfThisProcess(), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap(new byte[] {-3}), place);
        }
        assertThatThrownBy(() -> commit(77))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("the file does not have the bytes that were written");
    }

    private Path fileOfThisProcess() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.filter(each -> {
                        try {
                            return Files.readSymbolicLink(each).startsWith(folder.toRealPath());
                        } catch (IOException e) {
                            return false; // closed meanwhile
                        }
                    })
                    .findFirst()
                    .orElseThrow();
        }
    }

    private void begin(int memoryMax) {
        transactions = open(memoryMax);
    }

    private InProgress open(int memoryMax) {
        return new InProgress(folder, memoryMax, relation -> !relation.name().equals("unwanted"), this::note);
    }

    private void note(Message message, long at, int bytes) {
        if (message instanceof Message.Begin begin) {
            told.add("begin " + begin.xid() + " at " + at);
        } else if (message instanceof Message.Relation relation) {
            told.add(relation.name() + " at " + at);
        } else if (message instanceof Message.Insert insert) {
            Tuple row = insert.row();
            told.add(new String(row.bytes(), row.offset(0), row.length(0), StandardCharsets.UTF_8) + " at " + at);
        } else if (message instanceof Message.Commit) {
            told.add("commit " + at);
        } else if (message instanceof Message.Origin origin) {
            told.add("from " + origin.name());
        } else {
            told.add(message.toString());
        }
    }

    /** Messages within it are one behind the other in the log. */
    private void block(int xid, boolean first, byte[]... messages) throws Exception {
        take(message("S").ints(xid).raw(first ? 1 : 0));
        for (byte[] each : messages) {
            if (each[0] == 'R') {
                transactions.take(ByteBuffer.wrap(each), 0); // as the server does
            } else {
                lsn++;
                take(each);
            }
        }
        take(message("E"));
    }

    private void commit(int xid) throws Exception {
        lsn++;
        take(message("c").ints(xid).raw(0).longs(100).longs(lsn).longs(1));
    }

    /** A transaction that comes at its commit. */
    private void plain(String value) throws Exception {
        plain(value, "t");
    }

    private void plain(String value, String relation) throws Exception {
        lsn++;
        take(message("B").longs(100).longs(1).ints(900));
        take(message("R").ints(16384).text("public").text(relation).raw('d').shorts(0));
        lsn++;
        take(message("I").ints(16384).raw('N').tuple(value));
        lsn++;
        take(message("C").raw(0).longs(100).longs(lsn).longs(1));
    }

    private void take(Layout layout) throws Exception {
        take(layout.bytes());
    }

    private void take(byte[] bytes) throws Exception {
        transactions.take(ByteBuffer.wrap(bytes), lsn);
    }

    private static byte[] relation(int subXid, String name) throws IOException {
        return message("R")
                .ints(subXid)
                .ints(16384)
                .text("public")
                .text(name)
                .raw('d')
                .shorts(0)
                .bytes();
    }

    private static byte[] insert(int subXid, String value) throws IOException {
        return message("I").ints(subXid).ints(16384).raw('N').tuple(value).bytes();
    }
}
