/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.takeover.ClusterMetadata;
import io.levada.broker.txn.ProducerIds;
import java.io.IOException;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer ids of a data directory, of which none is given out that another broker gave out before. */
final class TakenProducerIds {
    private static final Logger LOGGER = LoggerFactory.getLogger(TakenProducerIds.class);

    private TakenProducerIds() {}

    /** Passes over what partitions remember, and, where we have given out none yet, over all that Kafka's controller has given to its brokers. */
    static ProducerIds after(Path dataDir, LogDirectory logs) {
        ProducerIds ids = new ProducerIds(dataDir);
        if (ids.isFirstUse()) {
            ids.passOver(ofKafka(dataDir) - 1);
        }
        logs.logs().stream()
                .flatMap(log -> log.producers().stream())
                .forEach(producer -> ids.passOver(producer.producerId()));
        return ids;
    }

    private static long ofKafka(Path dataDir) {
        try {
            return ClusterMetadata.read(dataDir)
                    .map(ClusterMetadata::nextProducerId)
                    .orElse(0L);
        } catch (IOException e) {
            LOGGER.atWarn()
                    .addKeyValue("folder", dataDir)
                    .addKeyValue("error", e.getMessage())
                    .log("Kafka's metadata log cannot be read: only the producer ids that partitions remember are known"
                            + " to be taken");
            return 0;
        }
    }
}
