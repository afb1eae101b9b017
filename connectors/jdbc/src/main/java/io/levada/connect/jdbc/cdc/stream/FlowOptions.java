/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import io.levada.connect.api.config.Option;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.jspecify.annotations.Nullable;

/** How records are handed to the worker. */
public record FlowOptions(
        @Option(
                name = "max.batch.size",
                doc = "Records of a batch; one whose last change makes several may be a little larger.",
                defaultValue = "2048",
                min = 1,
                group = "Flow")
        int batchSize,

        @Option(
                name = "max.queue.size",
                doc = "Records that may wait for the worker; reading stops meanwhile.",
                defaultValue = "8192",
                min = 1,
                group = "Flow")
        int queueSize,

        @Option(
                name = "max.queue.size.in.bytes",
                doc = "Bytes of the server's messages whose records may wait for the worker; 0 for no bound.",
                defaultValue = "134217728",
                min = 0,
                group = "Flow")
        long queueBytes,

        @Option(
                name = "transactions.in.progress.directory",
                doc =
                        "Folder for transactions that are larger than the server's logical_decoding_work_mem, which are then taken while"
                                + " they are in progress. If it is not set, the server keeps them on its own disk, and sends them when they are"
                                + " committed.",
                optional = true,
                importance = Importance.LOW,
                group = "Flow")
        @Nullable
        Path inProgress,

        @Option(
                name = "poll.interval.ms",
                doc = "Milliseconds that the worker waits for records at most, before it asks again.",
                defaultValue = "500",
                min = 1,
                importance = Importance.LOW,
                group = "Flow")
        Duration pollInterval,

        @Option(
                name = "heartbeat.interval.ms",
                doc =
                        "Milliseconds between two records in the heartbeat topic, which carry the offset on while other tables change;"
                                + " 0 for none. Not set means five minutes, or 256 MiB of the server's log if they come sooner, unless"
                                + " the connector has transforms, which may not expect such records: then none.",
                optional = true,
                group = "Flow")
        @Nullable
        Duration heartbeat,

        @Option(
                name = "heartbeat.action.query",
                doc = "SQL that is run in the database with each heartbeat.",
                defaultValue = "",
                importance = Importance.LOW,
                group = "Flow")
        String heartbeatQuery,

        @Option(
                name = "retriable.restart.connector.wait.ms",
                doc = "Milliseconds before the next attempt when the connection was lost.",
                defaultValue = "10000",
                importance = Importance.LOW,
                group = "Flow")
        Duration retryWait,

        @Option(
                name = "errors.max.retries",
                doc = "How often to try again in a row; -1 for ever.",
                defaultValue = "-1",
                min = -1,
                importance = Importance.LOW,
                group = "Flow")
        int retries) {

    private static final Duration HEARTBEAT = Duration.ofMinutes(5);

    /**
     * How often heartbeats come; zero for never.
     *
     * @param transforms whether the connector has any
     */
    public Duration heartbeat(boolean transforms) {
        if (heartbeat != null) {
            return heartbeat;
        }
        return transforms ? Duration.ZERO : HEARTBEAT;
    }

    FlowOptions withoutInProgress() {
        return new FlowOptions(
                batchSize, queueSize, queueBytes, null, pollInterval, heartbeat, heartbeatQuery, retryWait, retries);
    }
}
