/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.database;

import io.levada.it.testkit.RunningWorker;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** What goes wrong, in an order drawn from a seed: everything once before anything comes again. */
public final class Trouble {

    private static final int APART_MS_MAX = 1_500;
    private static final int CUT_MS_MAX = 1_000;

    private enum Kind {
        CONNECTOR_RESTARTED,
        CONNECTIONS_ENDED,
        WORKER_KILLED,
        DATABASE_KILLED,
        DATABASE_SHUT_DOWN_AT_ONCE,
        NETWORK_CUT
    }

    private final Server server;
    private final Line line;
    private final RunningWorker worker;
    private final List<String> connectors;
    private final Random random;
    private final List<Kind> due = new ArrayList<>();
    private final Map<Kind, Integer> made = new EnumMap<>(Kind.class);

    /** @param connectors those that may be restarted */
    public Trouble(Server server, Line line, RunningWorker worker, List<String> connectors, Random random) {
        this.server = server;
        this.line = line;
        this.worker = worker;
        this.connectors = List.copyOf(connectors);
        this.random = random;
    }

    /** Waits some time and breaks something; whole again when it returns, as far as it is not the connector's to mend. */
    public void next() throws Exception {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(APART_MS_MAX));
        if (due.isEmpty()) {
            due.addAll(List.of(Kind.values()));
        }
        Kind kind = due.remove(random.nextInt(due.size()));
        make(kind);
        made.merge(kind, 1, Integer::sum);
    }

    private void make(Kind kind) throws Exception {
        switch (kind) {
            case CONNECTOR_RESTARTED ->
                worker.rest()
                        .post(
                                "/connectors/" + connectors.get(random.nextInt(connectors.size()))
                                        + "/restart?includeTasks=true",
                                "");
            case CONNECTIONS_ENDED -> endConnections();
            case WORKER_KILLED -> worker.killAndStartAgain();
            case DATABASE_KILLED -> server.crash(false);
            case DATABASE_SHUT_DOWN_AT_ONCE -> server.crash(true);
            case NETWORK_CUT -> {
                line.cut();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(CUT_MS_MAX));
                line.mend();
            }
        }
    }

    private void endConnections() throws SQLException {
        server.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'levada-%'");
    }

    /** How often each happened. */
    @Override
    public String toString() {
        return made.toString();
    }
}
