/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker;

import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.directory.LogDirectory;
import io.levada.broker.log.producers.ProducerDescription;
import io.levada.broker.takeover.ClusterMetadata;
import io.levada.broker.txn.ProducerIds;
import io.levada.broker.txn.StoredProducerIds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer ids of a data directory, of which none is given out that was given out before, be it by another broker or by one of ours that lost its note. */
final class TakenProducerIds {
    private static final Logger LOGGER = LoggerFactory.getLogger(TakenProducerIds.class);
    private static final long NONE = -1;

    private TakenProducerIds() {}

    /**
     * Passes over what partitions remember. Where nothing notes what was given out, also over what Kafka's controller has given to its brokers and what
     * transactional ids have, and then over many more.
     */
    static ProducerIds after(Path dataDir, LogDirectory logs, InstantSource clock) {
        ProducerIds ids = new ProducerIds(dataDir);
        boolean anyKnown = false;
        for (PartitionLog log : logs.logs()) {
            for (ProducerDescription producer : log.producers()) {
                ids.passOver(producer.producerId());
                anyKnown = true;
            }
        }
        if (!ids.isNoted()) {
            findOut(dataDir, logs, ids, anyKnown, clock.millis());
        }
        return ids;
    }

    private static void findOut(Path dataDir, LogDirectory logs, ProducerIds ids, boolean anyKnown, long nowMs) {
        long lastOfKafka = ofKafka(dataDir) - 1;
        ids.passOver(lastOfKafka);
        boolean allRead = logs.logs().stream()
                .filter(StoredProducerIds::areIn)
                .map(log -> StoredProducerIds.passOver(log, ids))
                .reduce(true, Boolean::logicalAnd);
        boolean isLost = Files.exists(ids.file());
        boolean anyWritten = logs.logs().stream().anyMatch(log -> log.logEndOffset() > 0);
        if (!isLost && !anyWritten && lastOfKafka == NONE && logs.offline().isEmpty()) {
            return; // nobody has had one
        }
        // A producer that was silent for so long that its partitions forgot it may be there still.
        long first = ids.leap(nowMs);
        boolean anyGivenOut = isLost || anyKnown || !allRead;
        if (anyGivenOut && (isLost || lastOfKafka == NONE)) {
            LOGGER.atWarn()
                    .addKeyValue("file", ids.file())
                    .addKeyValue("firstId", first)
                    .log("which producer ids were given out is not known, the file is "
                            + (isLost ? "damaged" : "missing")
                            + "; ids go on far above those that the logs tell of. Nothing needs to be done");
        }
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
