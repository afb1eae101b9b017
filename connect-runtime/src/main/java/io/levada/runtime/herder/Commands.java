/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.herder;

import io.levada.runtime.configtopic.ConfigStore;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.connector.TaskId;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.lifecycle.Failures;
import io.levada.runtime.status.StatusStore;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Changes what connectors are and should be, by writing to the config topic. Called on the herder's thread. */
final class Commands {
    private final ConfigStore configs;
    private final Queries queries;
    private final StatusStore statuses;
    private final ConnectorValidator validator;
    private final Executor thread;
    /** Gone, with something left of them that could not be removed. */
    private final Set<ConnectorName> deletedInPart = new HashSet<>();

    Commands(
            ConfigStore configs, Queries queries, StatusStore statuses, ConnectorValidator validator, Executor thread) {
        this.configs = configs;
        this.queries = queries;
        this.statuses = statuses;
        this.validator = validator;
        this.thread = thread;
    }

    CompletionStage<ConnectorInfo> create(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState initialState) {
        return validator
                .check(named(name, config))
                .thenComposeAsync(
                        warnings -> {
                            if (queries.exists(name)) {
                                throw new AlreadyExistsException("Connector " + name + " already exists");
                            }
                            return write(name, config, initialState).thenApply(info -> info.with(warnings));
                        },
                        thread);
    }

    CompletionStage<PutResult> put(ConnectorName name, Map<String, @Nullable String> config) {
        return validator
                .check(named(name, config))
                .thenComposeAsync(
                        warnings -> {
                            boolean created = !queries.exists(name);
                            return write(name, config, null)
                                    .thenApply(info -> new PutResult(created, info.with(warnings)));
                        },
                        thread);
    }

    CompletionStage<ConnectorInfo> patch(ConnectorName name, Map<String, @Nullable String> patch) {
        Map<String, @Nullable String> patched =
                new LinkedHashMap<>(queries.entry(name).config());
        patch.forEach((key, value) -> {
            if (value == null) {
                patched.remove(key);
            } else {
                patched.put(key, value);
            }
        });
        if (!name.value().equals(patched.get("name"))) {
            throw new BadRequestException(
                    patched.get("name") == null
                            ? "Missing required configuration \"name\" which has no default value: the name of connector "
                                    + name + " cannot be removed"
                            : "Connector name configuration (" + patched.get("name")
                                    + ") doesn't match connector name in the URL (" + name + ")");
        }
        return put(name, patched).thenApply(PutResult::info);
    }

    /**
     * Task configs that were under way while the removal was are removed by a second one, as {@link #target} does. When this is done the
     * statuses are gone too: a connector that is made anew under the name is not what the old one was. One of which a part was left is there to be
     * deleted again, although it is shown no more.
     */
    CompletionStage<Void> delete(ConnectorName name) {
        if (!deletedInPart.contains(name)) {
            queries.entry(name);
        }
        return configs.remove(name)
                .thenComposeAsync(done -> configs.removeTasks(name), thread)
                .thenComposeAsync(done -> statuses.forget(name), thread)
                .thenRunAsync(() -> deletedInPart.remove(name), thread)
                .exceptionallyCompose(failed -> configs.readToEnd()
                        .handleAsync((read, unread) -> notDeleted(name, Failures.unwrap(failed)), thread));
    }

    /** Judged by the topic, once it is read: where the connector itself is still there, all of it is. */
    private Void notDeleted(ConnectorName name, Throwable why) {
        if (queries.exists(name)) {
            throw new CompletionException(why);
        }
        deletedInPart.add(name);
        throw new ConnectException(
                "Connector " + name + " is deleted, but not all that is kept of it: delete it again. "
                        + FailureText.message(why),
                why);
    }

    /**
     * The tasks of a connector that stops are cleared after the target has come back, since from then on no new task configs are
     * taken; the other way round a connector that makes its tasks just then would keep them while it is stopped. They are cleared
     * also where none are known: some that were written between the target's writing and its coming back may be under way still.
     */
    CompletionStage<Void> target(ConnectorName name, TargetState target) {
        if (!queries.exists(name)) {
            throw new ConnectorNotFoundException("Unknown connector " + name);
        }
        CompletionStage<Void> written = configs.putTarget(name, target);
        return target == TargetState.STOPPED
                ? written.thenComposeAsync(done -> configs.putTasks(name, List.of()), thread)
                : written;
    }

    private CompletionStage<ConnectorInfo> write(
            ConnectorName name, Map<String, @Nullable String> config, @Nullable TargetState target) {
        // The answer shows the tasks as they were: new ones are made when the connector has started.
        List<TaskId> tasks = configs.snapshot().tasks(name);
        return configs.putConnector(name, named(name, config), target)
                .thenApplyAsync(
                        written -> {
                            ConnectorInfo info = queries.info(name);
                            return new ConnectorInfo(name, info.config(), tasks, info.type());
                        },
                        thread);
    }

    private static Map<String, @Nullable String> named(ConnectorName name, Map<String, @Nullable String> config) {
        Map<String, @Nullable String> named = new LinkedHashMap<>(config);
        named.putIfAbsent("name", name.value());
        return named;
    }
}
