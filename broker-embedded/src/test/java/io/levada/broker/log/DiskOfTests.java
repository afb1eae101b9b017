/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.nio.file.Path;
import java.time.InstantSource;

/** A disk that fails, or stops the world, at a step of making, renaming or forcing a folder, for tests of other packages. */
public final class DiskOfTests {
    private final FaultyFiles files = new FaultyFiles();

    public LogDirectory open(Path dir, LogConfig defaults) {
        return LogDirectory.open(dir, defaults, LogOptions.of(FlushPolicy.OS), InstantSource.system(), files);
    }

    /** The step of that number fails once; they are counted from now on, from 0. -1 for none. */
    public void failStep(int number) {
        files.failStep(number);
    }

    /** How many steps were taken since {@link #failStep}. */
    public int steps() {
        return files.steps();
    }

    /** Is called before each step. */
    public void beforeStep(Runnable crash) {
        files.beforeStep(crash);
    }
}
