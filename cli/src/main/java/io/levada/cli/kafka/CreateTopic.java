/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.kafka;

import io.levada.cli.terminal.OutputOptions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates one topic; what is not said is the broker's default. */
@Command(
        name = "create",
        header = {
            "Creates a topic.",
            "",
            "  levada topics create orders --partitions 3 --config retention.ms=86400000",
            ""
        })
final class CreateTopic implements Runnable {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private OutputOptions output;

    @Parameters(paramLabel = "NAME", description = "The topic.")
    private String name;

    @Option(names = "--partitions", paramLabel = "N", description = "How many partitions (default: the broker's).")
    private @Nullable Integer partitions;

    @Option(
            names = "--replication-factor",
            paramLabel = "N",
            description = "How many replicas (default: the broker's).")
    private @Nullable Short replicationFactor;

    @Option(names = "--config", paramLabel = "KEY=VALUE", description = "A topic setting; repeatable.")
    private Map<String, String> configs = Map.of();

    @Override
    public void run() {
        NewTopic topic = new NewTopic(name, Optional.ofNullable(partitions), Optional.ofNullable(replicationFactor))
                .configs(configs);
        kafka.withAdmin(
                "create topic '" + name + "'",
                admin -> admin.createTopics(List.of(topic)).all().get());
        output.did("create", "topic", name, "Created " + name + ".");
    }
}
