/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.assign.Share;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What workers tell each other is read, and written, by Kafka Connect's own code as by ours. */
final class GroupBytesTest {
    private static final String PACKAGE = "org.apache.kafka.connect.runtime.distributed.";
    private static final ConnectorName ORDERS = new ConnectorName("orders");
    private static final ConnectorName PLACES = new ConnectorName("Orte-Süd");
    private static final Share NOTHING = Share.NONE;
    private static final Share ONE = share(List.of(ORDERS), 0, 3);
    private static final Share TWO = ONE.with(new Share(new TreeSet<>(List.of(PLACES)), new TreeSet<>()))
            .with(new Share(new TreeSet<>(), new TreeSet<>(List.of(new ConnectorName("a-1").task(7)))));

    private static URLClassLoader apache;

    private static Share share(List<ConnectorName> connectors, int... tasks) {
        TreeSet<TaskId> ids = new TreeSet<>();
        for (int task : tasks) {
            ids.add(ORDERS.task(task));
        }
        return new Share(new TreeSet<>(connectors), ids);
    }

    private static Agreement agreement(Share assigned, Share revoked, int delayMs) {
        return new Agreement(
                Agreement.NO_ERROR, "connect-1-uuid", "http://10.0.0.1:8083/", 41, assigned, revoked, delayMs);
    }

    @BeforeAll
    static void loadApache() throws Exception {
        List<URL> jars = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of("..", "test-peers", "target", "kafka", "libs"))) {
            for (Path jar : files.toList()) {
                jars.add(jar.toUri().toURL());
            }
        }
        apache = new URLClassLoader(jars.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    @AfterAll
    static void unloadApache() throws Exception {
        apache.close();
    }

    private static Object call(String type, String method, Object... arguments) throws Exception {
        for (Method found : apache.loadClass(PACKAGE + type).getMethods()) {
            if (found.getName().equals(method) && found.getParameterCount() == arguments.length) {
                return found.invoke(null, arguments);
            }
        }
        throw new AssertionError("Kafka Connect has no " + type + "." + method);
    }

    /** Read and written again by Kafka Connect. */
    private static ByteBuffer byApache(GroupProtocol protocol, String what, ByteBuffer bytes) throws Exception {
        if (protocol == GroupProtocol.EAGER) {
            Object read = call("ConnectProtocol", "deserialize" + what, bytes.duplicate());
            return (ByteBuffer) call("ConnectProtocol", "serialize" + what, read);
        }
        String type = "IncrementalCooperativeConnectProtocol";
        Object read = call(type, "deserialize" + what, bytes.duplicate());
        return (ByteBuffer) call(type, "serialize" + what, read, protocol == GroupProtocol.SESSIONED);
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void whatALeaderSaysIsTheSame(GroupProtocol protocol) throws Exception {
        boolean eager = protocol == GroupProtocol.EAGER;
        for (Agreement said : List.of(
                agreement(NOTHING, NOTHING, 0),
                agreement(ONE, NOTHING, 0),
                agreement(TWO, eager ? NOTHING : ONE, eager ? 0 : 12_345),
                new Agreement(Agreement.LEADER_IS_BEHIND, "m", "http://h:1/", -1, NOTHING, NOTHING, 0))) {
            ByteBuffer bytes = said.bytes(protocol);

            assertThat(Agreement.parse(bytes)).isEqualTo(said);
            assertThat(Agreement.parse(byApache(protocol, "Assignment", bytes))).isEqualTo(said);
        }
        ByteBuffer one = agreement(ONE, NOTHING, 5).bytes(protocol);
        assertThat(byApache(protocol, "Assignment", one)).isEqualTo(one);
    }

    @ParameterizedTest
    @EnumSource(GroupProtocol.class)
    void whatAMemberSaysIsTheSame(GroupProtocol protocol) throws Exception {
        for (Agreement allocation : protocol == GroupProtocol.EAGER
                ? Stream.<Agreement>of((Agreement) null).toList()
                : Stream.of(null, agreement(NOTHING, NOTHING, 0), agreement(ONE, NOTHING, 0))
                        .toList()) {
            WorkerState state = new WorkerState("https://worker-ü:8443/", 41, allocation);
            ByteBuffer bytes = state.bytes(protocol);

            assertThat(WorkerState.parse(bytes)).isEqualTo(state);
            assertThat(byApache(protocol, "Metadata", bytes)).isEqualTo(bytes);
        }
    }

    @Test
    void oneWhoHasReadNothingSaysSo() throws Exception {
        Object read = call(
                "IncrementalCooperativeConnectProtocol",
                "deserializeMetadata",
                new WorkerState("http://h:1/", -1, null).bytes(GroupProtocol.SESSIONED));

        assertThat(read.getClass().getMethod("offset").invoke(read)).isEqualTo(-1L);
        assertThat(HexFormat.of()
                        .formatHex(new WorkerState("http://10.0.0.1:83", 6, null)
                                .bytes(GroupProtocol.SESSIONED)
                                .array()))
                .isEqualTo("00020012"
                        + HexFormat.of()
                                .formatHex("http://10.0.0.1:83".getBytes(java.nio.charset.StandardCharsets.UTF_8))
                        + "0000000000000007ffffffff");
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        for (byte[] bytes : List.of(new byte[0], new byte[] {0, 2, 0, 9, 1}, new byte[] {-1, -1, 0, 0})) {
            assertThatThrownBy(() -> WorkerState.parse(ByteBuffer.wrap(bytes)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}
