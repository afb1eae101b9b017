/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.cluster.Cluster;
import io.levada.broker.topic.BrokerSetting;
import java.nio.file.Path;
import java.util.List;
import org.apache.kafka.common.config.ConfigDef;

/** What Kafka lets one choose and is a fact here, one node being all there is. Tools ask for it, so it is told; it cannot be set. */
final class OneNode {
    private OneNode() {}

    static List<BrokerSetting> settings(String dataDir) {
        String folder = Path.of(dataDir).toAbsolutePath().normalize().toString();
        String id = Integer.toString(Cluster.NODE_ID);
        return List.of(
                fact("node.id", id, ConfigDef.Type.INT, "The id of this node."),
                fact("broker.id", id, ConfigDef.Type.INT, "The id of this node."),
                fact(
                        "process.roles",
                        "broker,controller",
                        ConfigDef.Type.LIST,
                        "What this node does: all there is to do."),
                fact("log.dir", folder, ConfigDef.Type.STRING, "The folder of the records, data.dir."),
                fact("log.dirs", folder, ConfigDef.Type.STRING, "The folder of the records, data.dir."),
                fact(
                        "default.replication.factor",
                        "1",
                        ConfigDef.Type.INT,
                        "Replicas of a topic that does not say how many."),
                fact("offsets.topic.replication.factor", "1", ConfigDef.Type.SHORT, "Replicas of __consumer_offsets."),
                fact(
                        "transaction.state.log.replication.factor",
                        "1",
                        ConfigDef.Type.SHORT,
                        "Replicas of __transaction_state."),
                fact(
                        "transaction.state.log.min.isr",
                        "1",
                        ConfigDef.Type.INT,
                        "In-sync replicas of __transaction_state."),
                fact("delete.topic.enable", "true", ConfigDef.Type.BOOLEAN, "Whether topics can be deleted."));
    }

    private static BrokerSetting fact(String name, String value, ConfigDef.Type type, String documentation) {
        return BrokerSetting.ofBroker(name, value, null, type, documentation);
    }
}
