/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.metrics;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.management.InstanceAlreadyExistsException;
import javax.management.InstanceNotFoundException;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.StandardMBean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A capture's numbers as MBeans under the names of Debezium's. A name that somebody else has (another connector with the same
 * prefix, or a task that does not end) is taken as soon as it is free. Used by the task's thread.
 */
public final class Beans implements AutoCloseable {

    private static final Logger LOGGER = LoggerFactory.getLogger(Beans.class);

    /** What needs no quotes, as Kafka has it. */
    private static final Pattern PLAIN = Pattern.compile("[\\w%. \t-]*");

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final List<Bean> beans;
    private final List<ObjectName> registered = new ArrayList<>();
    private boolean hasWarned;

    private record Bean(ObjectName name, Object object) {}

    /**
     * @param prefix {@code topic.prefix}
     * @param queueSize records that may wait
     * @param queueBytes bytes that may wait; 0 for no bound
     */
    public Beans(String prefix, CaptureMeters meters, int queueSize, long queueBytes) {
        this.beans = List.of(
                new Bean(
                        name("streaming", prefix),
                        new StandardMBean(
                                new StreamingNumbers(meters, queueSize, queueBytes),
                                StreamingMetricsMXBean.class,
                                true)),
                new Bean(
                        name("snapshot", prefix),
                        new StandardMBean(
                                new SnapshotNumbers(meters, queueSize, queueBytes),
                                SnapshotMetricsMXBean.class,
                                true)));
    }

    private static ObjectName name(String context, String prefix) {
        try {
            return new ObjectName("debezium.postgres:type=connector-metrics,context=" + context + ",server="
                    + (PLAIN.matcher(prefix).matches() ? prefix : ObjectName.quote(prefix)));
        } catch (JMException e) {
            throw new IllegalStateException("no name of an MBean for " + prefix, e);
        }
    }

    /** Shows what is not shown yet; to be called again now and then. */
    public void show() {
        for (Bean bean : beans) {
            if (!registered.contains(bean.name())) {
                register(bean);
            }
        }
    }

    private void register(Bean bean) {
        try {
            server.registerMBean(bean.object(), bean.name());
            registered.add(bean.name());
        } catch (InstanceAlreadyExistsException e) {
            if (!hasWarned) {
                hasWarned = true;
                LOGGER.atWarn()
                        .addKeyValue("name", bean.name())
                        .log(
                                "another connector or task with this topic.prefix shows its metrics under this name; it is taken"
                                        + " when that ends");
            }
        } catch (JMException e) {
            throw new IllegalStateException("cannot register " + bean.name(), e);
        }
    }

    @Override
    public void close() {
        for (ObjectName name : registered) {
            try {
                server.unregisterMBean(name);
            } catch (InstanceNotFoundException ignored) {
                // somebody else has removed it, which is what is wanted
            } catch (JMException e) {
                LOGGER.atWarn()
                        .addKeyValue("name", name)
                        .addKeyValue("error", e.getMessage())
                        .log("cannot remove an MBean");
            }
        }
        registered.clear();
    }
}
