/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.config.ConfigSpec;
import io.levada.connect.jdbc.cdc.event.CdcOffset;
import io.levada.connect.jdbc.cdc.metrics.CaptureMeters;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;

final class HandoverTest {

    private static final int BATCHES = 2_000;

    /** Two threads tell it: nobody may believe for long what was so before. */
    @Test
    void tellsWhatWaitsInTheOrderInWhichItChanges() throws Exception {
        List<CaptureMeters.Waiting> told = new CopyOnWriteArrayList<>();
        Handover handover = new Handover(ConfigSpec.of(FlowOptions.class).bind(Map.of()), told::add);
        SourceRecord record = new SourceRecord(Map.of(), Map.of(), "t", null, null);
        CompletableFuture<Void> capturing = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < BATCHES; i++) {
                put(handover, new Batch(Collections.nCopies(1 + i % 3, record), CdcOffset.BEGINNING, true, 10));
            }
        });
        for (int i = 0; i < BATCHES; i++) {
            assertThat(handover.take(Duration.ofMinutes(2))).isNotNull();
        }
        capturing.get();

        assertThat(told).hasSize(1 + 2 * BATCHES);
        for (int i = 1; i < told.size(); i++) {
            long step = Math.abs(told.get(i).bytes() - told.get(i - 1).bytes());
            assertThat(step).as("change %d", i).isEqualTo(10);
        }
        assertThat(told.get(told.size() - 1)).isEqualTo(new CaptureMeters.Waiting(0, 0));
    }

    private static void put(Handover handover, Batch batch) {
        try {
            assertThat(handover.put(batch, Duration.ofMinutes(2))).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
