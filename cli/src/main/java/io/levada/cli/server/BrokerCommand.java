/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.server;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import io.levada.runtime.config.WorkerConfig;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** The broker alone, in the foreground. */
@Command(
        name = "broker",
        header = {
            "Runs the broker alone, in the foreground.",
            "",
            "  levada broker",
            "  levada broker -o data.dir=/var/lib/levada",
            "  levada broker -o broker.listeners=PLAINTEXT://localhost:9093",
            ""
        })
public final class BrokerCommand implements Callable<Integer> {
    @Mixin
    private ServerOptions options;

    @Override
    public Integer call() throws InterruptedException {
        Map<String, String> properties = options.properties();
        WorkerConfig.warnOfUnknown(properties); // a broker may be given a worker's file
        EmbeddedBroker broker = Foreground.start("broker", () -> EmbeddedBroker.start(BrokerConfig.from(properties)));
        Foreground.closeOnSignal(broker);
        Foreground.holdUntilSignal();
        return 0;
    }
}
