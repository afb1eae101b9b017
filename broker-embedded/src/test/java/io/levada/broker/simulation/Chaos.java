/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation;

import io.levada.broker.simulation.disk.DiskFaults;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/** What goes wrong, at moments that chance decides: connections are cut, the process is killed, power is lost, the disk refuses. */
final class Chaos {
    private static final long CUT_MS_MAX = 300;
    private static final long DEATH_MS_MAX = 800;
    private static final long STEPS_MAX = 60;
    private static final long DOWN_MS_MAX = 300;
    private final World world;
    private final RandomGenerator random;
    private final Weather weather;
    private int deaths;
    private int powerCuts;
    private int stops;
    private int cuts;

    Chaos(World world, Weather weather) {
        this.world = world;
        this.random = world.fork();
        this.weather = weather;
    }

    void begin() {
        if (weather.diskRefuses()) {
            refuse();
        }
        later(CUT_MS_MAX, this::cut);
        later(DEATH_MS_MAX, this::endTheProcess);
    }

    private void refuse() {
        world.disk().faults(new DiskFaults(500, 2_000));
    }

    private void cut() {
        if (world.isSettling()) {
            return;
        }
        List<Client> clients = world.clients();
        clients.get(random.nextInt(clients.size())).cut();
        cuts++;
        later(CUT_MS_MAX, this::cut);
    }

    private void endTheProcess() {
        if (world.isSettling()) {
            return;
        }
        if (random.nextInt(6) == 0) {
            stop();
        } else {
            // In the middle of whatever it does to the disk by then.
            world.disk().dieAfter(1 + random.nextLong(STEPS_MAX));
            long life = world.lives();
            later(DEATH_MS_MAX, () -> {
                if (world.lives() == life) {
                    world.kill();
                }
            });
        }
    }

    private void stop() {
        stops++;
        world.stop();
    }

    /** The process is gone, for whatever reason. Another one comes. */
    void processEnded(boolean inGoodOrder) {
        deaths += inGoodOrder ? 0 : 1;
        boolean powerIsCut = weather.powerFails() && random.nextInt(3) > 0;
        powerCuts += powerIsCut ? 1 : 0;
        world.trace().note(powerIsCut ? "the power is cut" : "only the process is gone");
        later(DOWN_MS_MAX, () -> start(powerIsCut));
    }

    private void start(boolean powerWasCut) {
        world.disk().restart(powerWasCut);
        world.disk().faults(DiskFaults.NONE);
        if (powerWasCut) {
            world.ledger().powerWasCut();
        }
        if (!world.isSettling() && random.nextInt(8) == 0) {
            world.disk().dieAfter(1 + random.nextLong(STEPS_MAX));
        }
        if (world.start() && !world.isSettling()) {
            if (weather.diskRefuses()) {
                refuse();
            }
            later(DEATH_MS_MAX, this::endTheProcess);
        }
    }

    private void later(long maxMs, Runnable action) {
        world.time().after(1 + random.nextLong(TimeUnit.MILLISECONDS.toNanos(maxMs)), action);
    }

    @Override
    public String toString() {
        return deaths + " deaths, " + stops + " stops, " + powerCuts + " power cuts, " + cuts + " connections cut";
    }
}
