/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Shows how the changes travel, until the time is over or the demo is stopped, and then says how it ended. */
final class Watch {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

    /** So long nothing arrives any more before what is missing counts as lost. */
    private static final Duration SILENCE_MAX = Duration.ofSeconds(60);

    /** Who stops the demo waits no longer than this for changes under way; they arrive in the next run. */
    private static final Duration STOPPED_MAX = Duration.ofSeconds(4);

    private final DemoOptions options;
    private final OrdersTable table;
    private final LoadGenerator load;
    private final Audit audit;
    private final ProgressLine line;
    private final CountDownLatch stop;
    private final CountDownLatch never = new CountDownLatch(1);
    private boolean failureTold;

    Watch(
            DemoOptions options,
            OrdersTable table,
            LoadGenerator load,
            Audit audit,
            ProgressLine line,
            CountDownLatch stop) {
        this.options = options;
        this.table = table;
        this.load = load;
        this.audit = audit;
        this.line = line;
        this.stop = stop;
    }

    /** @return the process' exit code */
    int run() throws InterruptedException {
        boolean stopped = follow(options.load());
        load.stop();
        if (!stopped && !options.exitWhenDone()) {
            line.last(audit.progress(load::changes));
            line.say("No more changes are made; look around. Ctrl-C ends the demo.");
            stopped = follow(Optional.empty());
        }
        if (stopped) {
            line.say("Stopping; changes under way get some seconds to arrive.");
        }
        int exitCode = conclude(stopped);
        line.say("Everything is in " + options.folder() + ".");
        line.say("  go on       " + command());
        line.say("  start over  " + command() + " --fresh");
        return exitCode;
    }

    /** Looks every half second, for the time given. @return whether it was told to stop before that time was over */
    private boolean follow(Optional<Duration> time) throws InterruptedException {
        long start = System.nanoTime();
        while (time.isEmpty() || System.nanoTime() - start < time.get().toNanos()) {
            look(load::changes);
            if (stop.await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS) || line.isUnread()) {
                return true;
            }
        }
        return false;
    }

    private Progress look(LongSupplier changes) {
        Progress progress = audit.progress(changes);
        audit.news().forEach(news -> line.say("NOT RIGHT: " + news));
        Optional<Exception> failure = load.failure();
        if (failure.isPresent() && !failureTold) {
            failureTold = true;
            line.say("NOT RIGHT: " + changesFail(failure.get()));
        }
        line.show(progress);
        return progress;
    }

    private int conclude(boolean stopped) throws InterruptedException {
        BitSet changes;
        try {
            changes = table.changes();
        } catch (SQLException e) {
            line.last(audit.progress(load::changes));
            line.say("NOT RIGHT: the table's journal cannot be read, so nothing can be compared with it: "
                    + e.getMessage());
            return 1;
        }
        boolean early = settle(changes, stopped);
        List<String> faults = new ArrayList<>(early ? audit.faults() : audit.findings(changes));
        load.failure().map(this::changesFail).ifPresent(faults::add);
        List<String> underWay = early ? audit.underWay(changes) : List.of();
        if (faults.isEmpty() && underWay.isEmpty()) {
            line.say(String.format(
                    "All %,d changes are in the topic, in the file and in S3, exactly once.", changes.cardinality()));
        }
        if (!underWay.isEmpty()) {
            line.say(String.format("Of the %,d changes, %s.", changes.cardinality(), String.join(", ", underWay)));
            line.say("These are on their way, and arrive when the demo goes on.");
        }
        faults.forEach(fault -> line.say("NOT RIGHT: " + fault));
        return faults.isEmpty() ? 0 : 1;
    }

    /** Waits until every change has arrived everywhere, or waiting has no sense any more. @return whether it was told to stop */
    private boolean settle(BitSet changes, boolean stoppedBefore) throws InterruptedException {
        boolean stopped = stoppedBefore;
        Progress last = look(changes::cardinality);
        long since = System.nanoTime();
        while (!audit.complete(changes)
                && System.nanoTime() - since < (stopped ? STOPPED_MAX : SILENCE_MAX).toNanos()) {
            boolean told = (stopped ? never : stop).await(BETWEEN_LOOKS.toMillis(), TimeUnit.MILLISECONDS);
            Progress now = look(changes::cardinality);
            if (told || (!stopped && !now.equals(last))) {
                since = System.nanoTime();
            }
            stopped |= told;
            last = now;
        }
        line.last(last);
        return stopped;
    }

    private String changesFail(Exception failure) {
        DemoProblem problem = DemoProblem.of(failure, options.folder());
        return "no changes can be made in " + OrdersTable.NAME + ": " + problem.getMessage();
    }

    private String command() {
        Path usual = Path.of(DemoOptions.USUAL_FOLDER).toAbsolutePath().normalize();
        Path folder = options.folder();
        return options.command() + " demo"
                + (folder.equals(usual) ? "" : " --dir " + ShellWord.quoted(folder.toString()));
    }
}
