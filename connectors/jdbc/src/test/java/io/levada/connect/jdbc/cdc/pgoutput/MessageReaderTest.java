/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.pgoutput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages as PostgreSQL's manual lays them out. */
final class MessageReaderTest {

    private static final long EPOCH_2000 = 946_684_800_000_000L;

    @Test
    void readsTransactions() throws IOException {
        assertThat(read(begin())).isEqualTo(new Message.Begin(100, EPOCH_2000 + 7, 4_000_000_000L));
        assertThat(read(commit())).isEqualTo(new Message.Commit(100, 108, EPOCH_2000 + 8));
        assertThat(read(Layout.message("O").longs(5).text("elsewhere").bytes()))
                .isEqualTo(new Message.Origin(5, "elsewhere"));
    }

    @Test
    void readsRelations() throws IOException {
        Message.Relation relation = (Message.Relation) read(relation());

        assertThat(relation)
                .isEqualTo(new Message.Relation(
                        16384,
                        "public",
                        "örders",
                        'd',
                        List.of(
                                new Message.Relation.Column("id", 23, -1, true),
                                new Message.Relation.Column("name", 1043, 24, false))));
    }

    @Test
    void namesTheCatalogueThatIsSentAsNothing() throws IOException {
        byte[] bytes = Layout.message("R")
                .ints(1)
                .text("")
                .text("t")
                .raw('d')
                .shorts(0)
                .bytes();
        assertThat(((Message.Relation) read(bytes)).schema()).isEqualTo("pg_catalog");
    }

    @Test
    void readsRows() throws IOException {
        Message.Insert insert = (Message.Insert) read(insert());
        assertThat(texts(insert.row())).containsExactly("1", "NULL", "UNCHANGED", "", "zwölf");

        Message.Update update = (Message.Update) read(Layout.message("U")
                .ints(9)
                .raw('K')
                .tuple("1", null)
                .raw('N')
                .tuple("2", "x")
                .bytes());
        assertThat(texts(update.before())).containsExactly("1", "NULL");
        assertThat(update.whole()).isFalse();
        assertThat(texts(update.after())).containsExactly("2", "x");

        Message.Update plain = (Message.Update)
                read(Layout.message("U").ints(9).raw('N').tuple("2").bytes());
        assertThat(plain.before()).isNull();

        Message.Delete delete = (Message.Delete)
                read(Layout.message("D").ints(9).raw('O').tuple("1", "all").bytes());
        assertThat(delete.whole()).isTrue();
        assertThat(texts(delete.before())).containsExactly("1", "all");
    }

    @Test
    void readsTruncationsAndMessages() throws IOException {
        assertThat(read(Layout.message("T").ints(2).raw(1).ints(7).ints(8).bytes()))
                .isEqualTo(new Message.Truncate(List.of(7, 8)));
        assertThat(read(logical()))
                .isEqualTo(new Message.Logical(true, 77, "outbox", ByteBuffer.wrap(new byte[] {0, -1})));
        assertThat(read(Layout.message("Y").ints(1).text("public").text("mood").bytes()))
                .isEqualTo(new Message.Ignored('Y'));
    }

    @Test
    void rowsLieInTheBufferWhereverItBegins() throws IOException {
        byte[] bytes = insert();
        byte[] shifted = new byte[bytes.length + 5];
        System.arraycopy(bytes, 0, shifted, 5, bytes.length);
        ByteBuffer buffer = ByteBuffer.wrap(shifted, 5, bytes.length).slice();

        assertThat(texts(((Message.Insert) MessageReader.read(buffer)).row()))
                .containsExactly("1", "NULL", "UNCHANGED", "", "zwölf");
    }

    @Test
    void readsWhatFramesTransactionsInProgress() throws IOException {
        assertThat(read(Layout.message("S").ints(-1).raw(1).bytes()))
                .isEqualTo(new Message.StreamStart(4_294_967_295L, true));
        assertThat(read(Layout.message("S").ints(7).raw(0).bytes())).isEqualTo(new Message.StreamStart(7, false));
        assertThat(read(Layout.message("E").bytes())).isEqualTo(new Message.StreamStop());
        assertThat(read(streamCommit())).isEqualTo(new Message.StreamCommit(7, 100, 108, EPOCH_2000 + 8));
        assertThat(read(Layout.message("A").ints(7).ints(8).bytes())).isEqualTo(new Message.StreamAbort(7, 8));
        assertThat(read(Layout.message("A").ints(7).ints(8).longs(100).longs(9).bytes()))
                .as("with streaming=parallel")
                .isEqualTo(new Message.StreamAbort(7, 8));
    }

    static Stream<byte[]> messages() throws IOException {
        return Stream.of(begin(), commit(), relation(), insert(), logical(), streamCommit());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void refusesAMessageThatIsCut(byte[] whole) {
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThatThrownBy(() -> MessageReader.read(ByteBuffer.wrap(cut)))
                    .as("the first %d of %d bytes", length, whole.length)
                    .isInstanceOf(ConnectException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void damageIsRefusedOrReadButNeverAnythingElse(byte[] whole) {
        Random random = new Random(whole.length);
        for (int i = 0; i < 2_000; i++) {
            byte[] damaged = whole.clone();
            damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            try {
                assertThat(MessageReader.read(ByteBuffer.wrap(damaged))).isNotNull();
            } catch (ConnectException e) {
                assertThat(e).hasMessageStartingWith("the server sent a message of");
            }
        }
    }

    @Test
    void namesAnUnknownType() {
        assertThatThrownBy(() -> MessageReader.read(ByteBuffer.wrap(new byte[] {'z', 1})))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("unknown type 'z'")
                .hasMessageContaining("pgoutput");
    }

    private static Message read(byte[] bytes) {
        return MessageReader.read(ByteBuffer.wrap(bytes));
    }

    private static List<String> texts(@Nullable Tuple row) {
        Tuple tuple = Objects.requireNonNull(row);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < tuple.size(); i++) {
            int length = tuple.length(i);
            texts.add(
                    length == Tuple.NULL
                            ? "NULL"
                            : length == Tuple.UNCHANGED
                                    ? "UNCHANGED"
                                    : new String(tuple.bytes(), tuple.offset(i), length, StandardCharsets.UTF_8));
        }
        return texts;
    }

    private static byte[] begin() throws IOException {
        return Layout.message("B")
                .longs(100)
                .longs(7)
                .ints((int) 4_000_000_000L)
                .bytes();
    }

    private static byte[] commit() throws IOException {
        return Layout.message("C").raw(0).longs(100).longs(108).longs(8).bytes();
    }

    private static byte[] streamCommit() throws IOException {
        return Layout.message("c").ints(7).raw(0).longs(100).longs(108).longs(8).bytes();
    }

    private static byte[] relation() throws IOException {
        return Layout.message("R")
                .ints(16384)
                .text("public")
                .text("örders")
                .raw('d')
                .shorts(2)
                .raw(1)
                .text("id")
                .ints(23)
                .ints(-1)
                .raw(0)
                .text("name")
                .ints(1043)
                .ints(24)
                .bytes();
    }

    private static byte[] insert() throws IOException {
        return Layout.message("I")
                .ints(16384)
                .raw('N')
                .tuple("1", null, "u", "", "zwölf")
                .bytes();
    }

    private static byte[] logical() throws IOException {
        return Layout.message("M")
                .raw(1)
                .longs(77)
                .text("outbox")
                .ints(2)
                .raw(0)
                .raw(-1)
                .bytes();
    }
}
