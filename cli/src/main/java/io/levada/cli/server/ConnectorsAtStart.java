/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.cli.connect.ConnectorFile;
import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connectors that a worker was given as files. One that is not there is created, one that differs is changed, one that is as the
 * file says is left alone: a restart with the same files changes nothing, not even if what it connects to is away just then. One that
 * is refused is told and keeps none of the others from running; one that is refused only because what it connects to cannot be reached
 * is tried again until that is there, or until the worker is broken.
 */
final class ConnectorsAtStart {
    private static final Logger LOGGER = LoggerFactory.getLogger(ConnectorsAtStart.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(60);

    private final ConnectorStore worker;
    private final CompletableFuture<Throwable> broken;
    private final Consumer<Problem> tell;

    /**
     * @param broken completes once the worker can do nothing any more
     * @param tell says to the user what is refused
     */
    ConnectorsAtStart(ConnectorStore worker, CompletionStage<Throwable> broken, Consumer<Problem> tell) {
        this.worker = worker;
        this.broken = broken.toCompletableFuture();
        this.tell = tell;
    }

    /**
     * Applies the files; returns once each is applied or refused, which may take as long as something is away. It returns at once when
     * the worker is broken, and applies no more: by then the connectors may be those of another worker, which owns the group.
     *
     * @throws Problem if there is nothing that the worker could run: no file can be used and no connector is stored
     */
    void apply(ConnectorFiles files) throws InterruptedException {
        List<Problem> refused = new ArrayList<>(files.problems());
        List<ConnectorFile> waiting = round(files.connectors(), refused, 1);
        refused.forEach(tell);
        int given = files.connectors().size() + files.problems().size();
        if (refused.size() == given && worker.isEmpty()) {
            throw new Problem(
                    ExitCode.FAILURE,
                    "the worker has nothing to run",
                    "no connector is stored, and " + given + " of " + given + " connector files cannot be used",
                    "Mend what is named above, or start the worker without files.");
        }
        if (!refused.isEmpty()) {
            LOGGER.atWarn()
                    .addKeyValue("refused", refused.size())
                    .addKeyValue("files", given)
                    .log("the worker runs without the connectors of some files");
        }
        Duration pause = FIRST_PAUSE;
        for (int number = 2; !waiting.isEmpty() && !breaksWithin(pause); number++) {
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            List<Problem> refusedNow = new ArrayList<>();
            waiting = round(waiting, refusedNow, number);
            refusedNow.forEach(tell);
        }
    }

    /** Tries each; those that must wait are the answer, those that must be mended are added to {@code refused}. */
    private List<ConnectorFile> round(List<ConnectorFile> connectors, List<Problem> refused, int number)
            throws InterruptedException {
        List<ConnectorFile> waiting = new ArrayList<>();
        for (ConnectorFile connector : connectors) {
            if (broken.isDone()) {
                return List.of();
            }
            try {
                apply(connector);
            } catch (Problem problem) {
                Optional<String> away = away(connector, problem);
                if (away.isPresent()) {
                    waiting.add(connector);
                    sayWaiting(connector, away.get(), number);
                } else {
                    refused.add(connector.named(problem));
                }
            }
        }
        return waiting;
    }

    /** Waits as long as that, or until the worker is broken. */
    private boolean breaksWithin(Duration pause) throws InterruptedException {
        try {
            Throwable unused = broken.get(pause.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException stillWell) {
            return false;
        } catch (ExecutionException failed) {
            return true;
        }
    }

    private void apply(ConnectorFile connector) throws InterruptedException {
        String name = connector.name();
        Optional<Map<String, @Nullable String>> existing = worker.config(name);
        if (existing.isEmpty()) {
            worker.create(connector);
            LOGGER.atInfo().addKeyValue("connector", name).log("connector created from its file");
        } else if (!existing.get().equals(connector.values())) {
            worker.change(connector);
            LOGGER.atInfo().addKeyValue("connector", name).log("connector changed to what its file says");
        }
    }

    /**
     * What is away, in the words of whoever said so; empty if it is the file that must be mended. The refusal of a config is one text
     * for people; only a validation tells its errors one by one. If it finds none, the refusal itself says whether what was away is
     * there by now, or the worker refuses what no validation looks at.
     */
    private Optional<String> away(ConnectorFile connector, Problem refusal) throws InterruptedException {
        if (refusal.exitCode() != ExitCode.INVALID) {
            return away(refusal);
        }
        try {
            List<String> errors = worker.errors(connector);
            return errors.isEmpty()
                    ? away(refusal)
                    : Optional.of(errors).filter(WorldFailure::in).map(all -> String.join("; ", all));
        } catch (Problem notValidated) {
            return away(notValidated);
        }
    }

    private static Optional<String> away(Problem refusal) {
        return Optional.of(refusal).filter(WorldFailure::in).map(Problem::why);
    }

    /** The first time, and then ever more seldom. */
    private static void sayWaiting(ConnectorFile connector, String away, int number) {
        if (Integer.bitCount(number) == 1) {
            LOGGER.atWarn()
                    .addKeyValue("connector", connector.name())
                    .addKeyValue("tries", number)
                    .addKeyValue("error", away)
                    .log("what the connector of a file connects to cannot be reached; it is tried until it can");
        }
    }
}
