/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.message.ApiVersionsRequestData;
import org.apache.kafka.common.message.ProduceRequestData;
import org.apache.kafka.common.message.ProduceRequestData.PartitionProduceData;
import org.apache.kafka.common.message.ProduceRequestData.TopicProduceData;
import org.apache.kafka.common.protocol.ApiKeys;
import org.apache.kafka.common.protocol.ByteBufferAccessor;
import org.apache.kafka.common.protocol.Errors;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.SimpleRecord;
import org.apache.kafka.common.requests.ApiVersionsRequest;
import org.apache.kafka.common.requests.ApiVersionsResponse;
import org.apache.kafka.common.requests.ProduceRequest;
import org.apache.kafka.common.requests.ProduceResponse;
import org.apache.kafka.common.requests.RequestHeader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
class HostileClientsTest {
    private static final int TIMEOUT_MS = 20_000;
    private static final short PRODUCE_VERSION = 8;
    private static final long SEED = 20261121;

    @TempDir
    Path dir;

    private TestBroker broker;

    @BeforeEach
    void start() {
        broker = TestBroker.in(dir);
    }

    @AfterEach
    void healthyClientsAreStillServed() {
        String topic = "after-" + UUID.randomUUID();
        broker.createTopic(topic, 1);
        broker.produce(topic, 0, List.of("fine"));
        assertThat(broker.read(topic, 0, 1)).containsExactly("fine");
        broker.close();
    }

    @Test
    void randomBytesEndTheConnection() throws IOException {
        Random random = new Random(SEED);
        for (int i = 0; i < 200; i++) {
            byte[] bytes = new byte[1 + random.nextInt(4096)];
            random.nextBytes(bytes);
            send(bytes);
        }
    }

    @Test
    void sizesThatCannotBeEndTheConnectionAtOnce() throws IOException {
        for (int size : new int[] {-1, Integer.MIN_VALUE, Integer.MAX_VALUE, 104_857_601, 2_097_153, 0, 3}) {
            assertThat(closedAfter(frameOf(size, new byte[Math.max(0, Math.min(size, 3))])))
                    .as("size %d", size)
                    .isTrue();
        }
    }

    @Test
    void unknownApisAndVersionsEndTheConnection() throws IOException {
        for (short key : new short[] {-1, 5, 67, 200, Short.MAX_VALUE}) {
            assertThat(closedAfter(request(key, (short) 0))).as("key %d", key).isTrue();
        }
        assertThat(closedAfter(request(ApiKeys.FETCH.id, (short) 99))).isTrue();
        assertThat(closedAfter(request(ApiKeys.METADATA.id, (short) -1))).isTrue();
    }

    @Test
    void truncatedRequestsEndTheConnection() throws IOException {
        for (ApiKeys key : List.of(ApiKeys.PRODUCE, ApiKeys.FETCH, ApiKeys.JOIN_GROUP, ApiKeys.CREATE_TOPICS)) {
            assertThat(closedAfter(request(key.id, key.latestVersion())))
                    .as("%s", key)
                    .isTrue();
        }
    }

    @Test
    void unknownApiVersionsVersionIsAnsweredWithTheRanges() throws IOException {
        ByteBuffer answer = ask(request(ApiKeys.API_VERSIONS.id, (short) 77));
        answer.getInt();
        ApiVersionsResponse response = ApiVersionsResponse.parse(new ByteBufferAccessor(answer), (short) 0);
        assertThat(response.data().errorCode()).isEqualTo(Errors.UNSUPPORTED_VERSION.code());
        assertThat(response.apiVersion(ApiKeys.API_VERSIONS.id).maxVersion()).isEqualTo((short) 4);
        assertThat(response.apiVersion(ApiKeys.CONSUMER_GROUP_HEARTBEAT.id)).isNull();
    }

    @Test
    void answersComeInTheOrderOfTheRequests() throws IOException {
        try (Socket socket = connect()) {
            int requests = 200;
            for (int correlation = 0; correlation < requests; correlation++) {
                socket.getOutputStream().write(apiVersions(correlation));
            }
            DataInputStream in = new DataInputStream(socket.getInputStream());
            for (int correlation = 0; correlation < requests; correlation++) {
                assertThat(nextAnswer(in).getInt()).isEqualTo(correlation);
            }
        }
    }

    @Test
    void halfOpenAndSlowClientsHinderNobody() throws IOException {
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                Socket socket = connect();
                open.add(socket);
                socket.getOutputStream().write(frameOf(60_000, new byte[i % 7]));
            }
            broker.createTopic("meanwhile", 1);
            broker.produce("meanwhile", 0, List.of("served"));
            assertThat(broker.read("meanwhile", 0, 1)).containsExactly("served");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    @Test
    void whoDoesNotReadIsNotReadFrom() throws IOException {
        byte[] request = apiVersions(1);
        try (Socket deaf = new Socket()) {
            deaf.setReceiveBufferSize(4096);
            deaf.setSendBufferSize(4096);
            deaf.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), broker.port()));
            long taken = pushUntilRefused(deaf, request);
            // What it took is bounded by our buffers and the kernel's, and how much fits into these is the kernel's own
            // affair.
            assertThat(taken).isLessThan(16L * 1024 * 1024);
        }
    }

    /** What a half frame takes is bounded over all connections, and a producer's requests still come through. */
    @Test
    void manyLargeHalfFramesHinderNobody() throws IOException {
        broker.close();
        long queuedMax = 64L * 1024 * 1024;
        broker = TestBroker.in(dir, "broker.queued.max.request.bytes", Long.toString(queuedMax));
        broker.createTopic("meanwhile", 1);
        byte[] half = frameOf(100_000_000, new byte[300_000]);
        List<Socket> open = new ArrayList<>();
        try {
            for (int i = 0; i < 500; i++) {
                Socket socket = connect();
                open.add(socket);
                socket.getOutputStream().write(apiVersions(i));
                nextAnswer(new DataInputStream(socket.getInputStream()));
                pushWithoutWaiting(socket, half);
            }
            String value = "x".repeat(1_000_000);
            broker.produce("meanwhile", 0, List.of(value));
            assertThat(broker.read("meanwhile", 0, 1)).containsExactly(value);
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /** A frame larger than all the memory for requests comes through, also while others have stopped half way. */
    @Test
    void aFrameLargerThanTheMemoryForRequestsIsTaken() throws IOException {
        broker.close();
        broker = TestBroker.in(dir, "broker.queued.max.request.bytes", "1000000");
        broker.createTopic("big", 1);
        try (Admin admin = broker.admin()) {
            TestBroker.get(admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "big"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("max.message.bytes", "10000000"), AlterConfigOp.OpType.SET))))
                    .all());
        }
        String value = "x".repeat(5_000_000);
        ByteBuffer answer = ask(apiVersions(1), produce("big", value));
        answer.getInt();
        assertThat(ProduceResponse.parse(new ByteBufferAccessor(answer), PRODUCE_VERSION)
                        .errorCounts())
                .containsOnlyKeys(Errors.NONE);
    }

    /** A byte now and then is a frame that is under way, and costs what has come of it. */
    @Test
    void slowClientsHinderNobody() throws IOException {
        List<Socket> open = new ArrayList<>();
        byte[] request = apiVersions(1);
        try {
            for (int i = 0; i < 200; i++) {
                open.add(connect());
            }
            for (int at = 0; at < request.length - 1; at++) {
                for (Socket socket : open) {
                    socket.getOutputStream().write(request, at, 1);
                }
            }
            broker.createTopic("meanwhile", 1);
            broker.produce("meanwhile", 0, List.of("served"));
            for (Socket socket : open) {
                socket.getOutputStream().write(request, request.length - 1, 1);
                assertThat(nextAnswer(new DataInputStream(socket.getInputStream()))
                                .getInt())
                        .isEqualTo(1);
            }
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }

    /** Older clients learn the leader on one connection and begin another with their records, without ApiVersions. */
    @Test
    void firstRequestMayBeAProduceOfAMegabyte() throws IOException {
        broker.createTopic("large", 1);
        String value = "x".repeat(1_000_000);
        ByteBuffer answer = ask(produce("large", value));
        answer.getInt();
        ProduceResponse response = ProduceResponse.parse(new ByteBufferAccessor(answer), PRODUCE_VERSION);
        assertThat(response.errorCounts()).containsOnlyKeys(Errors.NONE);
        assertThat(broker.read("large", 0, 1)).containsExactly(value);
    }

    /** No marker could ever end it, so readers of committed records would wait at it for ever. */
    @Test
    void transactionalBatchWithoutATransactionalIdIsRefused() throws IOException {
        broker.createTopic("orders", 1);
        MemoryRecords records = MemoryRecords.withTransactionalRecords(
                Compression.NONE, 1L, (short) 0, 0, new SimpleRecord("open for ever".getBytes(StandardCharsets.UTF_8)));
        ByteBuffer answer = ask(produce("orders", records));
        answer.getInt();
        ProduceResponse response = ProduceResponse.parse(new ByteBufferAccessor(answer), PRODUCE_VERSION);
        assertThat(response.errorCounts()).containsOnlyKeys(Errors.TRANSACTIONAL_ID_AUTHORIZATION_FAILED);
        broker.produce("orders", 0, List.of("a"));
        assertThat(broker.read("orders", 0, 1)).containsExactly("a");
    }

    private static long pushUntilRefused(Socket socket, byte[] request) throws IOException {
        byte[] many = new byte[request.length * 1000];
        for (int i = 0; i < 1000; i++) {
            System.arraycopy(request, 0, many, i * request.length, request.length);
        }
        long[] taken = {0};
        Thread pusher = new Thread(() -> {
            try {
                while (taken[0] < 256L * 1024 * 1024) {
                    socket.getOutputStream().write(many);
                    taken[0] += many.length;
                }
            } catch (IOException ignored) {
                // The test closes the socket under it.
            }
        });
        pusher.start();
        try {
            pusher.join(3000);
            socket.close();
            pusher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return taken[0];
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), broker.port());
        socket.setSoTimeout(TIMEOUT_MS);
        return socket;
    }

    private void send(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
        } catch (SocketException ignored) {
            // The broker may well have closed before everything was written.
        }
    }

    private boolean closedAfter(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            OutputStream out = socket.getOutputStream();
            out.write(bytes);
            return socket.getInputStream().read() == -1;
        } catch (SocketException e) {
            return true;
        }
    }

    /** Writes what the kernel takes: the broker may have stopped reading. */
    private static void pushWithoutWaiting(Socket socket, byte[] bytes) {
        Thread pusher = new Thread(() -> {
            try {
                socket.getOutputStream().write(bytes);
            } catch (IOException ignored) {
                // The test closes the socket under it, or the broker has.
            }
        });
        pusher.setDaemon(true);
        pusher.start();
    }

    /** The answer to the last of two requests. */
    private ByteBuffer ask(byte[] first, byte[] second) throws IOException {
        try (Socket socket = connect()) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            socket.getOutputStream().write(first);
            nextAnswer(in);
            socket.getOutputStream().write(second);
            return nextAnswer(in);
        }
    }

    private ByteBuffer ask(byte[] bytes) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(bytes);
            return nextAnswer(new DataInputStream(socket.getInputStream()));
        }
    }

    private static ByteBuffer nextAnswer(DataInputStream in) throws IOException {
        byte[] answer = new byte[in.readInt()];
        in.readFully(answer);
        return ByteBuffer.wrap(answer);
    }

    private static byte[] apiVersions(int correlation) {
        ApiVersionsRequestData data =
                new ApiVersionsRequestData().setClientSoftwareName("test").setClientSoftwareVersion("1");
        ByteBuffer request = new ApiVersionsRequest(data, (short) 3)
                .serializeWithHeader(new RequestHeader(ApiKeys.API_VERSIONS, (short) 3, "test", correlation));
        byte[] bytes = new byte[request.remaining()];
        request.get(bytes);
        return frameOf(bytes.length, bytes);
    }

    private static byte[] produce(String topic, String value) {
        return produce(
                topic,
                MemoryRecords.withRecords(Compression.NONE, new SimpleRecord(value.getBytes(StandardCharsets.UTF_8))));
    }

    private static byte[] produce(String topic, MemoryRecords records) {
        TopicProduceData data = new TopicProduceData()
                .setName(topic)
                .setPartitionData(List.of(new PartitionProduceData().setIndex(0).setRecords(records)));
        ProduceRequestData request =
                new ProduceRequestData().setAcks((short) -1).setTimeoutMs(TIMEOUT_MS);
        request.topicData().add(data);
        ByteBuffer bytes = new ProduceRequest(request, PRODUCE_VERSION)
                .serializeWithHeader(new RequestHeader(ApiKeys.PRODUCE, PRODUCE_VERSION, "test", 1));
        byte[] body = new byte[bytes.remaining()];
        bytes.get(body);
        return frameOf(body.length, body);
    }

    private static byte[] request(short key, short version) {
        ByteBuffer header = ByteBuffer.allocate(12)
                .putShort(key)
                .putShort(version)
                .putInt(1)
                .putShort((short) -1)
                .putShort((short) 0);
        return frameOf(header.capacity(), header.array());
    }

    private static byte[] frameOf(int size, byte[] body) {
        return ByteBuffer.allocate(4 + body.length).putInt(size).put(body).array();
    }
}
