/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** A few kills in every build; with {@code -Dlevada.kills=200 -Dlevada.kills.hooked=50} as many as docs/reliability.md tells of. */
final class KillsIT {
    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @Test
    void nothingAcknowledgedIsLostMovedOrDoubledByAKill() throws Exception {
        int kills = Integer.getInteger("levada.kills", 8);
        int hooked = Integer.getInteger("levada.kills.hooked", 4);
        long seed = Long.getLong("levada.kills.seed", System.nanoTime());
        System.out.println("seed of the kills: " + seed + ", in " + folder);
        String figures = new KillRun(folder, kills, hooked, seed).run();
        System.out.println(figures);
        assertThat(figures).startsWith(kills + " kills");
    }
}
