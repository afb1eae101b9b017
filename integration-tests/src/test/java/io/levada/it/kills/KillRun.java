/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import io.levada.it.kills.hook.Charge;
import io.levada.it.kills.hook.Charge.Moment;
import io.levada.it.kills.hook.HookPoint;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Kills a broker under load a number of times: from outside at a moment that chance decides, sometimes once more while it starts, or from
 * within at a {@link HookPoint}. After every start everything is read and judged, and once more at the end, when nothing goes wrong any more.
 */
final class KillRun {
    /** How often a point may be passed before the process ends there; the rarest is passed some times a second. */
    private static final int PASSINGS_MAX = 12;

    private static final List<HookPoint> POINTS = List.of(HookPoint.values());
    private static final List<Moment> MOMENTS = List.of(Moment.values());
    private static final int UNDER_LOAD_MS_MAX = 600;
    private static final int INTO_THE_START_MS_MAX = 2500;
    private static final int AGAIN_ONE_IN = 3;

    private final Path folder;
    private final int kills;
    private final int hooked;
    private final Random random;
    private final long seed;
    private final Map<String, Integer> figures = new TreeMap<>();
    private int done;
    private int hookedDone;

    /**
     * @param kills how often it is killed
     * @param hooked how many of them from within
     */
    KillRun(Path folder, int kills, int hooked, long seed) {
        this.folder = folder;
        this.kills = kills;
        this.hooked = hooked;
        this.seed = seed;
        this.random = new Random(seed);
    }

    /** Returns its figures; an {@link AssertionError} says what is wrong. */
    String run() throws IOException, InterruptedException {
        long started = System.nanoTime();
        try (Victim victim = new Victim(folder)) {
            victim.awaitServing();
            Clients clients = new Clients(victim.address());
            Reader reader = new Reader(clients);
            try (Load load = new Load(clients, seed)) {
                load.start();
                while (done < kills) {
                    load.awaitProgress();
                    kill(victim);
                    victim.startAgain();
                    if (mayKillFromOutside() && random.nextInt(AGAIN_ONE_IN) == 0) {
                        killWhileStarting(victim);
                    }
                    victim.awaitServing();
                    load.judge(reader);
                }
                load.awaitProgress();
                load.finish();
                load.judge(reader);
                if (!victim.errors().isEmpty()) {
                    throw new AssertionError("the broker told of errors:\n" + String.join("\n", victim.errors()));
                }
                long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
                return done + " kills in " + seconds + " s: " + figures + "; acknowledged: " + load.acknowledged();
            }
        }
    }

    private void kill(Victim victim) throws IOException, InterruptedException {
        if (random.nextInt(kills - done) < hooked - hookedDone) {
            killFromWithin(victim);
            return;
        }
        TimeUnit.MILLISECONDS.sleep(random.nextInt(UNDER_LOAD_MS_MAX));
        victim.kill();
        count("under load", "");
    }

    private void killFromWithin(Victim victim) throws IOException {
        HookPoint point = POINTS.get(Math.floorMod(seed + hookedDone++, POINTS.size()));
        Moment moment = MOMENTS.get(random.nextInt(MOMENTS.size()));
        Charge charge = new Charge(point, 1 + random.nextInt(PASSINGS_MAX), moment);
        count(point.toString(), victim.strike(charge));
    }

    private boolean mayKillFromOutside() {
        return kills - done > hooked - hookedDone;
    }

    private void killWhileStarting(Victim victim) throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(random.nextInt(INTO_THE_START_MS_MAX));
        victim.kill();
        count("while starting", "");
        victim.startAgain();
    }

    private void count(String kind, String where) {
        figures.merge(kind, 1, Integer::sum);
        System.out.println("kill " + ++done + ": " + kind + " " + where);
    }
}
