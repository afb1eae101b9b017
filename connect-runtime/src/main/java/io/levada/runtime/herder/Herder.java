/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.LevelRequest;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.peers.InternalRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * All that can be asked of a worker, from any thread and without blocking it.
 *
 * <p>In a group commands are the leader's business, and restarts that of the worker that runs what is to be restarted: elsewhere they fail
 * with an {@link io.levada.runtime.peers.AnotherWorkerException}, and nothing is done. While nobody leads they wait, for a minute at most: then they fail
 * with a {@link io.levada.runtime.peers.GroupBusyException}.
 *
 * <p>Every answer is a stage completed by the worker (never by the caller's thread), so that what is chained to it must
 * not block. A stage fails with {@link ConnectorNotFoundException}, {@link AlreadyExistsException}, {@link
 * BadRequestException} or {@link ConflictingOperationException} where the request is at fault, and with any other
 * exception where the worker is. A command is answered when the config topic holds it, not when tasks have obeyed: what
 * they do shows in {@link #status}.
 */
public interface Herder {
    /** All connectors of the group, sorted by name. */
    CompletionStage<List<ConnectorName>> connectors();

    /** Config and tasks as stored. */
    CompletionStage<ConnectorInfo> info(ConnectorName name);

    /** States as last reported by the workers that own connector and tasks; not found until a first one is. */
    CompletionStage<ConnectorStatus> status(ConnectorName name);

    /** {@link #status}, with attempt, next try and first cause of what this worker has seen fail. */
    CompletionStage<Diagnosis> diagnosis(ConnectorName name);

    /**
     * Validates and stores a new connector.
     *
     * @param config as sent, the name added if it was missing; a null value of a known key is kept
     * @param initialState null means {@link TargetState#STARTED} (KIP-980)
     */
    CompletionStage<ConnectorInfo> createConnector(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState initialState);

    /** Validates and stores the config of a connector, creating it if there is none. */
    CompletionStage<PutResult> putConfig(ConnectorName name, Map<String, @Nullable String> config);

    /** Changes some keys (KIP-477): null removes one. Not found if there is no such connector. */
    CompletionStage<ConnectorInfo> patchConfig(ConnectorName name, Map<String, @Nullable String> patch);

    /** Removes connector, tasks and their statuses; offsets stay, as Kafka Connect keeps them. */
    CompletionStage<Void> delete(ConnectorName name);

    /** The config as stored, with config provider references unresolved. */
    CompletionStage<Map<String, @Nullable String>> config(ConnectorName name);

    /** Asks connector and tasks to keep still but stay up. */
    CompletionStage<Void> pause(ConnectorName name);

    /** Asks for {@link TargetState#STARTED}, from paused or stopped. */
    CompletionStage<Void> resume(ConnectorName name);

    /** Asks for {@link TargetState#STOPPED} (KIP-875): task configs are removed too. */
    CompletionStage<Void> stop(ConnectorName name);

    /**
     * Restarts a connector and, if asked, its tasks (KIP-745).
     *
     * @return the status with what will restart shown as RESTARTING; empty for a plain restart of the connector alone
     */
    CompletionStage<Optional<ConnectorStatus>> restart(ConnectorName name, boolean includeTasks, boolean onlyFailed);

    /** Ids and stored configs of all tasks, in order. */
    CompletionStage<List<TaskInfo>> tasks(ConnectorName name);

    /** The state of one task as last reported. */
    CompletionStage<TaskStatus> taskStatus(TaskId id);

    /** Stops and starts one task. */
    CompletionStage<Void> restartTask(TaskId id);

    /** Committed offsets (KIP-875): source offsets, or the consumer group's for a sink. */
    CompletionStage<List<ConnectorOffset>> offsets(ConnectorName name);

    /**
     * Overwrites offsets of a stopped connector (KIP-875).
     *
     * @return the sentence that Kafka Connect answers, which says whether the connector itself agreed
     */
    CompletionStage<String> alterOffsets(ConnectorName name, List<ConnectorOffset> offsets);

    /** Forgets all offsets of a stopped connector (KIP-875); answers as {@link #alterOffsets}. */
    CompletionStage<String> resetOffsets(ConnectorName name);

    /** Topics that the connector has used since it was created or last reset (KIP-558); empty if there is no such connector. */
    CompletionStage<Set<String>> activeTopics(ConnectorName name);

    /** Forgets the active topics (KIP-558). */
    CompletionStage<Void> resetActiveTopics(ConnectorName name);

    /**
     * Writes a signal for a connector that reads signals from a topic, as those that capture changes do; makes the topic if it is not
     * there. A bad request if the connector reads none.
     *
     * @param json what the record holds: an object with id, type and data, which nobody looks at here
     */
    CompletionStage<WrittenSignal> signal(ConnectorName name, String json);

    /** Writes the level of a logger for all workers of the group (KIP-976); this one has it when the answer comes. */
    CompletionStage<Void> setLevel(LevelRequest request);

    /**
     * Takes the configs of a connector's tasks from the worker that runs it; the leader's business.
     *
     * @param request as it came, whose signature is judged first (KIP-507)
     */
    CompletionStage<Void> putTaskConfigs(
            ConnectorName name, List<Map<String, @Nullable String>> tasks, InternalRequest request);

    /** Fences tasks of earlier generations for a worker that begins new ones (KIP-618); as above. */
    CompletionStage<Void> fence(ConnectorName name, InternalRequest request);

    /** Throws what {@link io.levada.runtime.peers.SessionKeys#check} does. */
    void check(InternalRequest request);

    /** Whether this worker leads its group now; one without a group does. */
    boolean leads();

    /** Completes when this worker knows all that was in the config topic at the time of the call. */
    CompletionStage<Void> caughtUp();

    /**
     * Completes when the herder's thread has got round to it, which shows that it lives (KIP-1017). Fails with a message
     * if the internal topics cannot be read, because then nothing that is asked for happens.
     */
    CompletionStage<Void> health();

    /** Id of the Kafka cluster. */
    String clusterId();

    /** This worker's {@code host:port} as others reach it. */
    String workerId();
}
