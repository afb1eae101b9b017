/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.sink;

import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.task.TaskControl;
import io.levada.runtime.task.TaskListener;
import io.levada.runtime.task.TaskLoop;
import io.levada.runtime.task.TaskPlugins;
import io.levada.runtime.task.TaskServices;
import io.levada.runtime.task.TaskSpec;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.Consumer;

/** Sink tasks over other consumers than Kafka's, for tests in other packages. */
public final class SinkLoops {
    private SinkLoops() {}

    /** A loop that has not begun. */
    public static TaskLoop open(
            TaskSpec spec,
            TaskControl control,
            TaskListener listener,
            TaskServices services,
            TaskMeter meter,
            Function<Map<String, Object>, Consumer<byte[], byte[]>> consumers) {
        return TaskPlugins.during(
                spec, services, meter, plugins -> new SinkLoop(spec, control, listener, services, plugins, consumers));
    }
}
