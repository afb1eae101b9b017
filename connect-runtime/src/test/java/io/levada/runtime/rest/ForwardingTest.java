/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.runtime.rest.RunningRest.Reply;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Any worker takes any request: one that does not lead hands it on, and gives the answer back as its own. */
final class ForwardingTest {
    private static final String SINK =
            "{\"name\":\"s\",\"config\":{\"connector.class\":\"org.apache.kafka.connect.tools.MockSinkConnector\",\"topics\":\"t\"}}";

    @TempDir
    static Path plugins;

    private RunningRest leader;
    private RunningRest follower;

    @BeforeEach
    void start() {
        leader = RunningRest.starting(plugins, Map.of()).started();
        follower = RunningRest.starting(plugins, Map.of()).started();
        follower.herder.leaderElsewhere = url(leader);
    }

    @AfterEach
    void stop() {
        follower.close();
        leader.close();
    }

    private static String url(RunningRest rest) {
        return "http://localhost:" + rest.port() + "/";
    }

    @Test
    void whatTheLeaderSaysIsSaidByTheFollower() {
        Reply told = follower.send("POST", "/connectors", SINK);
        Reply unknown = follower.call("PUT", "/connectors/nobody/pause");

        assertThat(told.status())
                .isEqualTo(leader.send("POST", "/connectors", SINK).status());
        assertThat(unknown.status()).isEqualTo(404);
        assertThat(unknown.message()).contains("nobody");
    }

    @Test
    void whoeverForbidsToHandOnIsToldAtOnceThatAnotherOneLeads() {
        assertThat(follower.call("DELETE", "/connectors/nobody?forward=false").status())
                .isEqualTo(409);
        assertThat(leader.call("DELETE", "/connectors/nobody?forward=false").status())
                .isEqualTo(404);
    }

    @Test
    void aLeaderThatIsGoneMeanwhileIsNoFailureOfTheRequest() {
        leader.close();

        Reply reply = follower.call("PUT", "/connectors/s/pause");

        assertThat(reply.status()).isEqualTo(409);
        assertThat(reply.message()).contains("does not answer");
    }

    /** Two workers of which each takes the other for the leader, as may be while the group agrees. */
    @Test
    void aRequestGoesThroughTwoHandsAtMost() {
        leader.herder.leaderElsewhere = url(follower);

        assertThat(follower.call("PUT", "/connectors/s/pause").status()).isEqualTo(409);
    }
}
