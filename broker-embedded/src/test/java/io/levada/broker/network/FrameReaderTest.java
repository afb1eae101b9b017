/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private final List<ByteBuffer> frames = new ArrayList<>();

    @Property(tries = 200)
    void framesComeOutWholeHoweverTheyAreCut(
            @ForAll @Size(max = 10) List<@IntRange(max = 5000) Integer> sizes, @ForAll long seed) throws Exception {
        Random random = new Random(seed);
        ByteBuffer stream =
                ByteBuffer.allocate(sizes.stream().mapToInt(size -> size + 4).sum());
        List<byte[]> sent = new ArrayList<>();
        for (int size : sizes) {
            byte[] body = new byte[size];
            random.nextBytes(body);
            sent.add(body);
            stream.putInt(size).put(body);
        }
        stream.flip();
        List<byte[]> received = new ArrayList<>();
        FrameReader reader = new FrameReader(new ConnectionSettings.Frames(5000, 5000));
        while (stream.hasRemaining()) {
            ByteBuffer piece = stream.slice(stream.position(), 1 + random.nextInt(stream.remaining()));
            stream.position(stream.position() + piece.remaining());
            reader.feed(piece, frame -> received.add(bytes(frame)));
        }
        assertThat(received).usingRecursiveComparison().isEqualTo(sent);
    }

    @Test
    void frameThatArrivesWholeIsNotCopied() throws Exception {
        byte[] arrived = {0, 0, 0, 2, 7, 8};
        new FrameReader(new ConnectionSettings.Frames(10, 10)).feed(ByteBuffer.wrap(arrived), frames::add);
        assertThat(frames).hasSize(1);
        assertThat(frames.get(0).array()).isSameAs(arrived);
    }

    @Test
    void limitIsWiderOnceThePeerIsTrusted() throws Exception {
        FrameReader reader = new FrameReader(new ConnectionSettings.Frames(10, 20));
        assertThatThrownBy(() -> reader.feed(announcing(11), frames::add)).isInstanceOf(FrameReader.Invalid.class);
        FrameReader trusted = new FrameReader(new ConnectionSettings.Frames(10, 20));
        trusted.trust();
        trusted.feed(announcing(20), frames::add);
        assertThatThrownBy(
                        () -> new FrameReader(new ConnectionSettings.Frames(10, 20)).feed(announcing(-1), frames::add))
                .hasMessageContaining("-1");
    }

    private static ByteBuffer announcing(int size) {
        return ByteBuffer.allocate(4).putInt(size).flip();
    }

    private static byte[] bytes(ByteBuffer frame) {
        byte[] bytes = new byte[frame.remaining()];
        frame.get(bytes);
        return bytes;
    }
}
