/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import java.util.HashMap;
import java.util.Map;

/** A broker in a process of its own, to be killed: given a folder and a port, it prints a line when it serves. */
final class KilledBroker {
    private KilledBroker() {}

    public static void main(String[] args) throws InterruptedException {
        Map<String, String> properties = new HashMap<>();
        properties.put("data.dir", args[0]);
        properties.put("broker.listeners", "PLAINTEXT://127.0.0.1:" + args[1]);
        properties.put("broker.transaction.state.log.num.partitions", "2");
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerConfig.from(properties));
        System.out.println("serving " + broker.bootstrapServers());
        Thread.currentThread().join();
    }
}
