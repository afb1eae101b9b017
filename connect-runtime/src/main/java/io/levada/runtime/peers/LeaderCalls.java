/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.membership.Leader;
import io.levada.runtime.topics.StateJson;
import java.net.URLEncoder;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/**
 * What a follower asks of its group's leader on its own account, as Kafka Connect's workers do. Stages fail with a {@link
 * GroupBusyException} where another leader may do it, or the same one once it knows as much as this worker, and with a {@link ConnectException} where it never
 * will.
 *
 * @param keys that sign
 */
public record LeaderCalls(Peers peers, SessionKeys keys) {
    /** What is asked for is too large, or makes no sense. */
    private static final Set<Integer> FOR_GOOD = Set.of(400, 413);

    /** Has the configs of a connector's tasks written. */
    public CompletionStage<Void> putTasks(
            Leader leader, ConnectorName name, List<Map<String, @Nullable String>> tasks) {
        return call("POST", leader, name, "tasks", StateJson.write(tasks));
    }

    /** Has tasks of earlier generations fenced (KIP-618). */
    public CompletionStage<Void> fence(Leader leader, ConnectorName name) {
        return call("PUT", leader, name, "fence", new byte[0]);
    }

    private CompletionStage<Void> call(String method, Leader leader, ConnectorName name, String what, byte[] body) {
        String url = leader.url() + "connectors/" + encoded(name) + "/" + what;
        Map<String, String> signature = keys.sign(body);
        return peers.send(new Peers.Request(method, url + "?forward=false", signature, body))
                .handle((answer, failure) -> {
                    if (failure != null) {
                        throw new GroupBusyException("The leader does not answer at " + url + ": " + failure, failure);
                    }
                    if (!answer.isDone()) {
                        String refusal = "The leader refuses " + method + " " + url + " with " + answer.status() + ": "
                                + new String(answer.body(), UTF_8);
                        // Without a key it says so of whatever is asked.
                        throw FOR_GOOD.contains(answer.status()) && !signature.isEmpty()
                                ? new ConnectException(refusal)
                                : new GroupBusyException(refusal);
                    }
                    return null;
                });
    }

    /** A name as a segment of a path; dots alone would be taken out of it. */
    private static String encoded(ConnectorName name) {
        String segment = URLEncoder.encode(name.value(), UTF_8).replace("+", "%20");
        return ConnectorName.isDots(name.value()) ? segment.replace(".", "%2E") : segment;
    }

    /** Of a worker that has no group: there is nobody to call. */
    public static Peers nobody() {
        return request -> CompletableFuture.failedFuture(new GroupBusyException("there are no other workers"));
    }
}
