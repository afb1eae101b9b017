/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.connect.ConfigErrors;
import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import io.levada.runtime.Worker;
import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TargetState;
import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.herder.ConnectorNotFoundException;
import io.levada.runtime.herder.WrongConfig;
import io.levada.runtime.lifecycle.Failures;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The connectors of the worker in this process. It is asked itself and not over REST, where listeners and extensions may want a login. */
final class ConnectorsOfWorker implements ConnectorStore {
    /** Longer than the 60 s after which a validation ends by itself, so that its own explanation arrives. */
    private static final Duration LIMIT = Duration.ofSeconds(100);

    private final Worker worker;

    ConnectorsOfWorker(Worker worker) {
        this.worker = worker;
    }

    @Override
    public boolean isEmpty() throws InterruptedException {
        return answer("list connectors", worker.herder().connectors()).isEmpty();
    }

    @Override
    public Optional<Map<String, @Nullable String>> config(String name) throws InterruptedException {
        CompletionStage<Optional<Map<String, @Nullable String>>> config = worker.herder()
                .config(new ConnectorName(name))
                .thenApply(Optional::of)
                .exceptionallyCompose(failure -> Failures.unwrap(failure) instanceof ConnectorNotFoundException
                        ? CompletableFuture.completedStage(Optional.empty())
                        : CompletableFuture.failedStage(failure));
        return answer("read connector '" + name + "'", config);
    }

    @Override
    public void create(ConnectorFile connector) throws InterruptedException {
        String action = "create connector '" + connector.name() + "'";
        TargetState state =
                connector.initialState().map(text -> targetState(action, text)).orElse(TargetState.STARTED);
        answer(action, worker.herder().createConnector(name(connector), connector.values(), state));
    }

    @Override
    public void change(ConnectorFile connector) throws InterruptedException {
        answer(
                "change connector '" + connector.name() + "'",
                worker.herder().putConfig(name(connector), connector.values()));
    }

    @Override
    public List<String> errors(ConnectorFile connector) throws InterruptedException {
        return answer("validate connector '" + connector.name() + "'", worker.errors(connector.values()));
    }

    private static ConnectorName name(ConnectorFile connector) {
        return new ConnectorName(connector.name());
    }

    private static TargetState targetState(String action, String text) {
        try {
            return TargetState.initial(text);
        } catch (IllegalArgumentException wrong) {
            throw new Problem(
                    ExitCode.INVALID,
                    "cannot " + action,
                    String.valueOf(wrong.getMessage()),
                    "Correct initial_state in the file, or leave it out.",
                    wrong);
        }
    }

    /** What the worker answers, or what it refuses as a problem. */
    static <T> T answer(String action, CompletionStage<T> stage) throws InterruptedException {
        try {
            return stage.toCompletableFuture().get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            throw refused(action, Failures.unwrap(failed));
        } catch (TimeoutException late) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "cannot " + action,
                    "the worker has not answered for " + LIMIT.toSeconds() + " s",
                    "The log of the worker says more.",
                    late);
        }
    }

    private static Problem refused(String action, Throwable cause) {
        String message = words(cause);
        return WrongConfig.isCauseOf(cause)
                ? new Problem(
                        ExitCode.INVALID,
                        "cannot " + action,
                        ConfigErrors.message(message),
                        "'levada connectors validate FILE' shows every key with its error.",
                        cause)
                : new Problem(ExitCode.FAILURE, "cannot " + action, message, "The log of the worker says more.", cause);
    }

    /** Nothing but a validation ends with a time-out that says nothing; what it waited for may be back soon. */
    private static String words(Throwable cause) {
        return cause instanceof TimeoutException && cause.getMessage() == null
                ? "the validation timed out"
                : FailureText.messageOrClass(cause);
    }
}
