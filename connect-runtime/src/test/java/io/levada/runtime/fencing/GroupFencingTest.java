/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.fencing;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.configtopic.ConfigListener;
import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.configtopic.RestartRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.membership.SoleMember;
import io.levada.runtime.peers.LeaderCalls;
import io.levada.runtime.peers.SessionKeys;
import io.levada.runtime.topics.InMemoryLog;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class GroupFencingTest {
    private static final ConnectorName NAME = new ConnectorName("orders");

    private final ConfigStore configs = new ConfigStore(new ConfigListener() {
        @Override
        public void onConfig(ClusterConfig config) {}

        @Override
        public void onRestart(RestartRequest request) {}
    });
    private final Fencing fencing = new GroupFencing(
            new Fencing() {
                @Override
                public void beforeTask(ConnectorName connector, Map<String, @Nullable String> config) {
                    throw new AssertionError("nothing is fenced here");
                }

                @Override
                public void all(ConnectorName connector, Map<String, @Nullable String> config) {
                    throw new AssertionError("nothing is fenced here");
                }
            },
            configs,
            new SoleMember("worker"),
            new LeaderCalls(
                    LeaderCalls.nobody(),
                    new SessionKeys(
                            configs,
                            new SessionKeys.Settings(Duration.ZERO, "HmacSHA256", null, "HmacSHA256", List.of()),
                            InstantSource.system())));

    GroupFencingTest() {
        configs.writeTo(new InMemoryLog(configs));
        var unused = configs.putConnector(NAME, Map.of(), null);
    }

    private void tasks(String... tables) {
        var unused = configs.putTasks(
                NAME,
                List.of(tables).stream()
                        .map(table -> Map.<String, @Nullable String>of("table", table))
                        .toList());
    }

    @Test
    void aTaskIsWhatItWasMadeOf() {
        tasks("a", "b");

        assertThatCode(() -> fencing.afterId(NAME.task(1), Map.of("table", "b")))
                .doesNotThrowAnyException();
    }

    @Test
    void aTaskThatHasAnotherPartNowOrIsNotThereDoesNotBegin() {
        tasks("b", "a");
        assertThatThrownBy(() -> fencing.afterId(NAME.task(1), Map.of("table", "b")))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("orders-1 was configured anew");

        tasks("b");
        assertThatThrownBy(() -> fencing.afterId(NAME.task(1), Map.of("table", "b")))
                .isInstanceOf(ConnectException.class);
    }

    /** Offsets are changed after a while, in which another may have led and started the connector. */
    @Test
    void offsetsOfAConnectorThatRunsAgainAreNotChanged() {
        var unused = configs.putTarget(NAME, TargetState.STOPPED);
        assertThatCode(() -> fencing.beforeChange(NAME)).doesNotThrowAnyException();

        unused = configs.putTarget(NAME, TargetState.STARTED);
        assertThatThrownBy(() -> fencing.beforeChange(NAME))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("not stopped any more");
        assertThatThrownBy(() -> fencing.all(NAME, Map.of())).isInstanceOf(ConnectException.class);
    }
}
