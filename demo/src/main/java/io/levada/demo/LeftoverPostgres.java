/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of a demo that was killed: it lives on and holds its folder. Its pid file names it, but a process of that number may by
 * now be another's: only a PostgreSQL that was started over this very folder is ended.
 */
final class LeftoverPostgres {

    private static final Logger LOGGER = LoggerFactory.getLogger(LeftoverPostgres.class);
    private static final Duration STOP_MAX = Duration.ofSeconds(60);

    private final Path folder;
    private final Path pidFile;

    /** @param folder the server's data directory */
    LeftoverPostgres(Path folder) {
        this.folder = folder;
        this.pidFile = folder.resolve("postmaster.pid");
    }

    /**
     * Asks it to stop, as its parent would have, and waits; does nothing when there is none. A pid file that is left of a server
     * that is no more is removed, for PostgreSQL itself takes any process of that number for its server.
     */
    void stop() throws IOException {
        if (!Files.exists(pidFile)) {
            return;
        }
        Optional<ProcessHandle> named = pid().flatMap(ProcessHandle::of);
        if (named.isEmpty()) {
            Files.delete(pidFile);
            return;
        }
        ProcessHandle process = named.get();
        if (isPostgres(process) && process.info().arguments().isEmpty()) {
            throw new DemoProblem(
                    "process " + process.pid() + " may be the PostgreSQL server of an earlier demo in " + folder,
                    "If it is, end it; if not, remove " + pidFile + ". Or give --dir another folder.");
        }
        if (servesThisFolder(process)) {
            stop(process);
        } else {
            Files.delete(pidFile);
        }
    }

    /** Empty if the file was torn by a kill. */
    private Optional<Long> pid() throws IOException {
        List<String> lines = Files.readAllLines(pidFile);
        String first = lines.isEmpty() ? "" : lines.get(0).strip();
        return first.matches("[0-9]{1,18}") ? Optional.of(Long.parseLong(first)) : Optional.empty();
    }

    private boolean servesThisFolder(ProcessHandle process) {
        if (!isPostgres(process)) {
            return false;
        }
        String[] arguments = process.info().arguments().orElse(new String[0]);
        for (int i = 0; i + 1 < arguments.length; i++) {
            if (arguments[i].equals("-D") && isThisFolder(arguments[i + 1])) {
                return true;
            }
        }
        return false;
    }

    private boolean isThisFolder(String argument) {
        try {
            return Files.isSameFile(Path.of(argument), folder);
        } catch (IOException | InvalidPathException notThere) {
            return false;
        }
    }

    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(Path::of)
                .filter(command -> command.endsWith("postgres"))
                .isPresent();
    }

    private void stop(ProcessHandle process) throws IOException {
        LOGGER.atInfo()
                .addKeyValue("pid", process.pid())
                .log("stopping the PostgreSQL server that an earlier demo left behind");
        process.destroy();
        try {
            process.onExit().get(STOP_MAX.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while process " + process.pid() + " was asked to stop", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new DemoProblem(
                    "the PostgreSQL server of an earlier demo (process " + process.pid() + ") holds " + folder
                            + " and does not stop",
                    "End it, or give --dir another folder.",
                    e);
        }
    }
}
