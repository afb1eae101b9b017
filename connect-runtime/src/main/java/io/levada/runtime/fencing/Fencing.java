/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.fencing;

import io.levada.runtime.connector.ConnectorName;
import io.levada.runtime.connector.TaskId;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.jspecify.annotations.Nullable;

/** Keeps tasks of earlier generations from committing. Blocks; any thread may call. */
public interface Fencing {
    /**
     * To be called by each exactly-once source task before it begins: fences once for each generation of its connector's tasks.
     *
     * @param config of the connector, resolved
     * @throws ConnectException if that cannot be done; the task must not begin
     */
    void beforeTask(ConnectorName connector, Map<String, @Nullable String> config);

    /**
     * To be called by the task once it has its transactional id, so that nobody can take its place without its noticing: whether it is
     * what its connector's tasks are now. A worker that hung in between may have a task of before, and has fenced the one of today.
     *
     * @param config that the task was made of, as it is stored
     * @throws ConnectException if it is another now, or that cannot be known; the task must not begin
     */
    default void afterId(TaskId task, Map<String, @Nullable String> config) {}

    /** Fences all tasks that the connector may ever have had, such as before its offsets are changed; as above. */
    void all(ConnectorName connector, Map<String, @Nullable String> config);

    /**
     * To be called just before offsets of a connector are changed that was found stopped: whether it still is, and this worker the one to change
     * them. In a group another may have taken the lead, and started the connector, meanwhile.
     *
     * @throws ConnectException if not, or that cannot be known; nothing must be changed
     */
    default void beforeChange(ConnectorName connector) {}
}
