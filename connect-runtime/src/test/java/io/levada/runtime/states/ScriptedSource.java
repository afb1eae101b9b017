/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.states;

import io.levada.runtime.connector.ConnectorName;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.connect.connector.Task;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceConnector;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** A connector that does as {@link Wanted} says and tells the {@link World} of its lives. */
public final class ScriptedSource extends SourceConnector {
    static final String CLASS_VERSION = "1";
    private static final Duration A_WHILE = Duration.ofMillis(20);

    private final AtomicInteger calls = new AtomicInteger();
    private final World world = World.current();
    private Map<String, String> config = Map.of();

    @Override
    public void start(Map<String, String> props) {
        config = props;
        world.connectors().begin(name(), this, version(props));
        takeTime(props.containsKey(Wanted.SLOW));
        if (props.containsKey(Wanted.FAILS) && !world.isMended(name(), version(props))) {
            world.connectors().end(name(), this);
            throw new ConnectException("told to fail at start");
        }
    }

    static int version(Map<String, String> config) {
        return Integer.parseInt(config.getOrDefault(Wanted.VERSION, "0"));
    }

    /** So that what comes next comes too early. */
    static void takeTime(boolean slow) {
        if (slow) {
            LockSupport.parkNanos(A_WHILE.toNanos());
        }
    }

    private ConnectorName name() {
        return new ConnectorName(config.getOrDefault("name", ""));
    }

    void raiseError() {
        context().raiseError(new ConnectException("told to raise an error"));
    }

    /** Asks to be asked for its tasks, which are the same. */
    void requestTaskReconfiguration() {
        context().requestTaskReconfiguration();
    }

    /** How often it was asked for its tasks. */
    int calls() {
        return calls.get();
    }

    @Override
    public List<Map<String, String>> taskConfigs(int maxTasks) {
        calls.incrementAndGet();
        return Collections.nCopies(
                Integer.parseInt(config.getOrDefault(Wanted.TASKS, "0")),
                Map.of(
                        Wanted.VERSION,
                        config.getOrDefault(Wanted.VERSION, "0"),
                        Wanted.SLOW,
                        config.getOrDefault(Wanted.SLOW, "false")));
    }

    @Override
    public void stop() {
        takeTime(config.containsKey(Wanted.SLOW));
        world.connectors().end(name(), this);
    }

    @Override
    public Class<? extends Task> taskClass() {
        return Unused.class;
    }

    @Override
    public ConfigDef config() {
        return new ConfigDef();
    }

    @Override
    public String version() {
        return CLASS_VERSION;
    }

    /** Stands in task configs; {@link ScriptedLoop} runs in its place. */
    public static final class Unused extends SourceTask {
        @Override
        public void start(Map<String, String> props) {
            throw new UnsupportedOperationException("ScriptedLoop runs in its place");
        }

        @Override
        public List<SourceRecord> poll() {
            throw new UnsupportedOperationException("ScriptedLoop runs in its place");
        }

        @Override
        public void stop() {
            throw new UnsupportedOperationException("ScriptedLoop runs in its place");
        }

        @Override
        public String version() {
            return CLASS_VERSION;
        }
    }
}
