/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.broker.log.directory.Retention;
import io.levada.broker.log.files.LogFiles;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers, readers, rolls and retention passes at the same time: readers see whole batches in order, and all of them. */
@Timeout(600)
class ConcurrencyTest {
    private static final int WRITERS = 4;
    private static final int BATCHES = 500;

    @TempDir
    Path dir;

    @Test
    void readersFollowWritersOverManySegments() throws Exception {
        ExecutorService threads = Executors.newCachedThreadPool();
        try (LogFixture fixture = LogFixture.forced(
                dir, LogFiles.SYSTEM, "segment.bytes", "2048", "index.interval.bytes", "100", "retention.ms", "-1")) {
            PartitionLog log = fixture.log();
            List<CompletableFuture<Void>> running = new ArrayList<>();
            for (int i = 0; i < WRITERS; i++) {
                int writer = i;
                running.add(CompletableFuture.runAsync(() -> write(log, writer), threads));
            }
            for (int i = 0; i < 3; i++) {
                running.add(CompletableFuture.runAsync(() -> readToTheEnd(log), threads));
            }
            running.add(CompletableFuture.runAsync(
                    () -> {
                        while (log.highWatermark() < WRITERS * BATCHES) {
                            new Retention(fixture.directory()).run();
                        }
                    },
                    threads));
            CompletableFuture.allOf(running.toArray(CompletableFuture[]::new)).get(100, TimeUnit.SECONDS);
            fixture.kill();
            fixture.start();
            assertThat(fixture.values()).hasSize(WRITERS * BATCHES).doesNotHaveDuplicates();
        } finally {
            threads.shutdown();
        }
    }

    private static void write(PartitionLog log, int writer) {
        for (int i = 0; i < BATCHES; i++) {
            log.append(Batches.idempotent(writer, 0, i, writer + ":" + i));
        }
    }

    private static void readToTheEnd(PartitionLog log) {
        int[] next = new int[WRITERS];
        long offset = 0;
        while (offset < WRITERS * BATCHES) {
            for (RecordBatch batch : log.read(offset, 700, true).records().batches()) {
                batch.ensureValid();
                for (Record record : batch) {
                    assertThat(record.offset()).isEqualTo(offset++);
                    String[] value = new String(Utils.toArray(record.value()), StandardCharsets.UTF_8).split(":", 2);
                    assertThat(Integer.parseInt(value[1])).isEqualTo(next[Integer.parseInt(value[0])]++);
                }
            }
        }
    }
}
