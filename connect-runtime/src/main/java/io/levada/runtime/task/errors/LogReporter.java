/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.errors;

import io.levada.runtime.diagnosis.FailureText;
import io.levada.runtime.metrics.ErrorMeter;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Reports in the worker's log ({@code errors.log.enable}); an exception that cannot be logged, in short. */
record LogReporter(boolean includeCoordinates, ErrorMeter meter) implements FailureReporter {
    private static final Logger LOGGER = LoggerFactory.getLogger(LogReporter.class);

    @Override
    public CompletableFuture<Void> report(Failure failure) {
        LoggingEventBuilder event = LOGGER.atError()
                .setCause(FailureText.tellable(failure.cause()))
                .addKeyValue("connector", failure.task().connector())
                .addKeyValue("task", failure.task().task())
                .addKeyValue("stage", failure.stage())
                .addKeyValue("plugin", failure.plugin());
        if (includeCoordinates) {
            event = event.addKeyValue("record", failure.where());
            ConsumerRecord<byte[], byte[]> consumed = failure.consumed();
            if (consumed != null && consumed.timestamp() >= 0) {
                event = event.addKeyValue("timestamp", consumed.timestamp());
            }
        }
        event.log("record skipped");
        meter.logged();
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {}
}
