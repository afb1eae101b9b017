/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.levada.connect.api.harness.SourceHarness;
import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.Test;

/** The MBeans of a capture of a real PostgreSQL. */
final class CdcMetricsTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();

    private Map<String, Object> attributes(String context) throws Exception {
        ObjectName name = new ObjectName("debezium.postgres:type=connector-metrics,context=" + context + ",server=m");
        Map<String, Object> values = new HashMap<>();
        for (MBeanAttributeInfo each : server.getMBeanInfo(name).getAttributes()) {
            values.put(each.getName(), server.getAttribute(name, each.getName()));
        }
        return values;
    }

    private static Map<String, Object> map(Object table) {
        Map<String, Object> map = new HashMap<>();
        for (Object row : ((TabularData) table).values()) {
            map.put((String) ((CompositeData) row).get("key"), ((CompositeData) row).get("value"));
        }
        return map;
    }

    @Test
    void showsRowsChangesAndWhatTheServerKeeps() throws Exception {
        CdcFixture cdc = new CdcFixture();
        cdc.config.put("topic.prefix", "m");
        cdc.postgres.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1), (2)");
        try (SourceHarness source = cdc.start()) {
            source.poll(2, CdcFixture.PATIENCE);
            cdc.postgres.execute(
                    "INSERT INTO t VALUES (3)", "UPDATE t SET id = 4 WHERE id = 3", "DELETE FROM t WHERE id = 1");
            source.poll(6, CdcFixture.PATIENCE);

            assertThat(attributes("snapshot"))
                    .containsEntry("TotalTableCount", 1)
                    .containsEntry("RemainingTableCount", 0)
                    .containsEntry("SnapshotCompleted", true)
                    .containsEntry("TotalNumberOfReadEventsSeen", 2L)
                    .containsEntry("SnapshotPartDone", 1.0)
                    .hasEntrySatisfying(
                            "RowsScanned", rows -> assertThat(map(rows)).containsEntry("public.t", 2L));
            assertThat(attributes("streaming"))
                    .containsEntry("Connected", true)
                    .containsEntry("TotalNumberOfCreateEventsSeen", 2L)
                    .containsEntry("TotalNumberOfUpdateEventsSeen", 0L)
                    .containsEntry("TotalNumberOfDeleteEventsSeen", 2L)
                    .containsEntry("QueueTotalCapacity", 8192)
                    .containsEntry("CapturedTables", new String[] {"public.t"})
                    .hasEntrySatisfying(
                            "NumberOfDeleteEventsSeen",
                            counts -> assertThat(map(counts)).containsEntry("public.t", 2L));
            await().atMost(CdcFixture.PATIENCE).until(() -> {
                source.poll();
                return attributes("streaming").get("WalBytesKept") instanceof Long kept && kept > 0;
            });
            assertThat(attributes("streaming"))
                    .as("the server has no limit, so no slot is at risk")
                    .containsEntry("WalBytesSafe", -1L);
        }
        assertThat(server.queryNames(new ObjectName("debezium.postgres:server=m,*"), null))
                .isEmpty();
    }
}
