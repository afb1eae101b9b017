/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.demo;

import io.levada.cli.server.Installation;
import io.levada.demo.Demo;
import io.levada.demo.DemoOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** All that names a class of the demo: apart from the command, which is looked at by reflection for every verb. */
final class DemoRun {
    private DemoRun() {}

    static int run(
            Path folder,
            boolean fresh,
            @Nullable Integer seconds,
            boolean exitWhenDone,
            int rowsPerSecond,
            Map<String, String> worker,
            CountDownLatch stop)
            throws Exception {
        DemoOptions options = new DemoOptions(
                folder,
                fresh,
                Optional.ofNullable(seconds).map(Duration::ofSeconds),
                exitWhenDone,
                rowsPerSecond,
                worker,
                Installation.plugins());
        return new Demo(options, System.out, Boolean.getBoolean("levada.terminal"), stop).run();
    }
}
