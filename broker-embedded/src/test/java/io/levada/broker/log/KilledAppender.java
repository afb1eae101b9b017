/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import io.levada.broker.log.config.LogConfig;
import io.levada.broker.log.directory.LogDirectory;
import java.nio.file.Path;
import java.time.InstantSource;
import org.apache.kafka.common.Uuid;

/** A process that appends until it is killed, and prints {@code <offset> <value>.} for what was acknowledged. */
final class KilledAppender {
    private static final int THREADS = 4;

    private KilledAppender() {}

    public static void main(String[] args) {
        LogDirectory directory =
                LogDirectory.open(Path.of(args[0]), LogConfig.defaults(), FlushPolicy.FSYNC, InstantSource.system());
        PartitionLog log = directory.create(
                LogFixture.ORDERS,
                Uuid.randomUuid(),
                LogFixture.config("segment.bytes", "20000", "index.interval.bytes", "500"));
        for (int i = 0; i < THREADS; i++) {
            int writer = i;
            new Thread(() -> appendForEver(log, writer)).start();
        }
    }

    private static void appendForEver(PartitionLog log, int writer) {
        for (int i = 0; ; i++) {
            String value = "value " + writer + " " + i;
            Appended appended = log.append(Batches.idempotent(writer, 0, i, value));
            log.durable(appended.nextOffset()).join();
            System.out.println(appended.baseOffset() + " " + value + ".");
        }
    }
}
