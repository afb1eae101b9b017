/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.api.Authorizer;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.message.MetadataRequestData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.requests.AbstractResponse;
import org.apache.kafka.common.requests.MetadataRequest;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class ThrottleTest {
    private static final int PAUSE_MS = 600;
    private static final short VERSION = 9;

    @TempDir
    Path dir;

    /** A client that goes on at once is served once the pause is over, and not before. */
    @Test
    void pauseIsToldAtOnceAndKeptByTheBroker() throws IOException {
        List<Long> askedAtNanos = new CopyOnWriteArrayList<>();
        try (TestBroker broker = TestBroker.in(dir, Authorizer.ALLOW_ALL, (caller, bytes, answer) -> {
                    askedAtNanos.add(System.nanoTime());
                    return askedAtNanos.size() == 1 ? PAUSE_MS : 0;
                });
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write(metadata(1));
            socket.getOutputStream().write(metadata(2));
            DataInputStream in = new DataInputStream(socket.getInputStream());
            assertThat(answer(in, 1).throttleTimeMs()).isEqualTo(PAUSE_MS);
            assertThat(answer(in, 2).throttleTimeMs()).isZero();
            // The second request lay there all the while. A slow machine makes it longer, never shorter.
            assertThat(askedAtNanos.get(1) - askedAtNanos.get(0))
                    .isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(PAUSE_MS - 10));
        }
    }

    private static byte[] metadata(int correlation) {
        ByteBuffer request = new MetadataRequest(new MetadataRequestData(), VERSION)
                .serializeWithHeader(new RequestHeader(ApiKeys.METADATA, VERSION, "test", correlation));
        return ByteBuffer.allocate(4 + request.remaining())
                .putInt(request.remaining())
                .put(request)
                .array();
    }

    private static AbstractResponse answer(DataInputStream in, int correlation) throws IOException {
        byte[] bytes = new byte[in.readInt()];
        in.readFully(bytes);
        return AbstractResponse.parseResponse(
                ByteBuffer.wrap(bytes), new RequestHeader(ApiKeys.METADATA, VERSION, "test", correlation));
    }
}
