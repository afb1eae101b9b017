/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.files.LogFile;
import io.levada.broker.log.files.LogFiles;
import io.levada.broker.log.files.OpenFiles;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.internal.net.NetSocketInternal;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers arrive whole and in order, whether the kernel copies from the log's files or the process does, as TLS needs it. */
class AnswersTest {
    private static final int FILE_BYTES = 700_001;

    @TempDir
    Path dir;

    private byte[] stored;
    private Path path;
    private LogFile file;
    private Vertx vertx;

    @BeforeEach
    void start() throws IOException {
        stored = new byte[FILE_BYTES];
        new Random(20261126).nextBytes(stored);
        path = Files.write(dir.resolve("log"), stored);
        file = LogFile.open(path, new OpenFiles(1, LogFiles.SYSTEM));
        vertx = Vertx.vertx();
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(60, TimeUnit.SECONDS);
        file.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void answersArriveWholeAndInOrder(boolean sendfile) throws Exception {
        ByteArrayOutputStream expected = new ByteArrayOutputStream();
        int port = serve(sendfile, expected);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(1);
            byte[] all = new byte[expected.size()];
            new DataInputStream(socket.getInputStream()).readFully(all);
            assertThat(all).isEqualTo(expected.toByteArray());
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void sliceIsReadInChunks() throws IOException {
        FileSlice slice = new FileSlice(file.slice(10, 1000));
        ByteBuf first = slice.read(600);
        assertThat(slice.transferred()).isEqualTo(600);
        ByteBuf second = slice.read(600);
        assertThat(second.readableBytes()).isEqualTo(400);
        ByteBuf both = Unpooled.wrappedBuffer(first, second);
        assertThat(both).isEqualTo(Unpooled.wrappedBuffer(stored, 10, 1000));
    }

    @Test
    void sliceOfATruncatedLogCannotBeRead() throws IOException {
        FileSlice slice = new FileSlice(file.slice(0, 1000));
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.WRITE)) {
            channel.truncate(500);
        }
        assertThatThrownBy(() -> slice.read(1000))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("truncated");
    }

    /** On the first byte writes three answers at once and closes when the last has left. */
    private int serve(boolean sendfile, ByteArrayOutputStream expected) throws Exception {
        ResponseParts[] answers = {
            answer(expected, "first", 0, FILE_BYTES, "after"),
            answer(expected, "second", 5, 1, ""),
            answer(expected, "third", 300_000, 300_001, "end")
        };
        return vertx.createNetServer()
                .connectHandler(socket -> socket.handler(asked -> {
                    AnswerWriter writer =
                            new AnswerWriter((NetSocketInternal) socket, vertx.getOrCreateContext(), sendfile);
                    Promise<Void> all = Promise.promise();
                    Future<Void> last = Future.succeededFuture();
                    for (ResponseParts answer : answers) {
                        last = writer.write(answer);
                    }
                    last.onComplete(all);
                    all.future().onComplete(done -> socket.close());
                }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .actualPort();
    }

    private ResponseParts answer(ByteArrayOutputStream expected, String head, int from, int bytes, String tail) {
        ResponseParts parts = new ResponseParts();
        parts.write(ByteBuffer.wrap(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        parts.send(file.slice(from, bytes));
        parts.write(ByteBuffer.wrap(tail.getBytes(java.nio.charset.StandardCharsets.US_ASCII)));
        expected.writeBytes(head.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        expected.write(stored, from, bytes);
        expected.writeBytes(tail.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        assertThat(parts.memoryBytes()).isEqualTo(head.length() + tail.length());
        assertThat(parts.bytes()).isEqualTo(head.length() + bytes + tail.length());
        return parts;
    }
}
