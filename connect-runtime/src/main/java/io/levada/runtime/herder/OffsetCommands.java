/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ClusterConfig;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Shows, alters and resets the offsets of connectors (KIP-875). Called on the herder's thread. */
final class OffsetCommands {
    private final Queries queries;
    private final StoppedTasks tasks;
    private final SourceOffsets sources;
    private final SinkOffsets sinks;

    OffsetCommands(Queries queries, StoppedTasks tasks, SourceOffsets sources, SinkOffsets sinks) {
        this.queries = queries;
        this.tasks = tasks;
        this.sources = sources;
        this.sinks = sinks;
    }

    CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name) {
        ClusterConfig.Entry entry = queries.entry(name);
        return isSink(name, entry) ? sinks.offsets(name, entry.config()) : sources.offsets(name, entry.config());
    }

    CompletionStage<String> alter(ConnectorName name, List<ConnectorOffset> offsets) {
        stopped(name);
        if (offsets.isEmpty()) {
            throw new BadRequestException("Partitions / offsets need to be provided for an alter offsets request");
        }
        Map<@Nullable Map<String, @Nullable Object>, @Nullable Map<String, @Nullable Object>> wanted =
                new LinkedHashMap<>();
        offsets.forEach(offset -> wanted.put(offset.partition(), offset.offset()));
        return tasks.await(name, "alter")
                .thenCompose(over -> {
                    ClusterConfig.Entry entry = stopped(name);
                    return isSink(name, entry)
                            ? sinks.alter(name, entry.config(), wanted)
                            : sources.alter(name, entry.config(), wanted);
                })
                .thenApply(agreed -> message(agreed, "altered"));
    }

    CompletionStage<String> reset(ConnectorName name) {
        stopped(name);
        return tasks.await(name, "reset")
                .thenCompose(over -> {
                    ClusterConfig.Entry entry = stopped(name);
                    return isSink(name, entry)
                            ? sinks.reset(name, entry.config())
                            : sources.reset(name, entry.config());
                })
                .thenApply(agreed -> message(agreed, "reset"));
    }

    private ClusterConfig.Entry stopped(ConnectorName name) {
        ClusterConfig.Entry entry = queries.entry(name);
        if (entry.target() != TargetState.STOPPED || !entry.tasks().isEmpty()) {
            throw new BadRequestException(
                    "Connectors must be in the STOPPED state before their offsets can be modified."
                            + " This can be done for the specified connector by issuing a 'PUT' request to the '/connectors/"
                            + name + "/stop' endpoint");
        }
        return entry;
    }

    private boolean isSink(ConnectorName name, ClusterConfig.Entry entry) {
        return switch (queries.type(entry.config())) {
            case SINK -> true;
            case SOURCE -> false;
            case UNKNOWN ->
                throw new ConnectException(
                        "The class of connector " + name + " (" + entry.config().get("connector.class")
                                + ") is not installed, so its kind of offsets is not known");
        };
    }

    private static String message(boolean agreed, String done) {
        return agreed
                ? "The offsets for this connector have been " + done + " successfully"
                : "The Connect framework-managed offsets for this connector have been " + done
                        + " successfully. However, if this connector manages offsets externally, they will need to be"
                        + " manually " + done + " in the system that the connector uses.";
    }
}
