/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.plugins.LoaderSwap;
import io.levada.runtime.task.TaskLog;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a plugin what has arrived and what is committed. As in Kafka Connect, one that fails to note it does not undo it: told in the
 * log, of records at growing intervals.
 */
final class PluginNotes {
    private static final Logger LOGGER = LoggerFactory.getLogger(PluginNotes.class);

    private final TaskLog log;
    private final SourceTask task;
    private final AtomicLong failures = new AtomicLong();

    PluginNotes(TaskLog log, SourceTask task) {
        this.log = log;
        this.task = task;
    }

    /** @param metadata where the record is; null if it was dropped */
    void record(SourceRecord polled, @Nullable RecordMetadata metadata) {
        try {
            task.commitRecord(polled, metadata);
        } catch (Throwable e) { // also an interruption, which must not be passed on to a producer's own thread
            long count = failures.incrementAndGet();
            if (Long.bitCount(count) == 1) {
                log.cause(LOGGER.atError(), e)
                        .addKeyValue("failures", count)
                        .log("commitRecord() of the plugin failed for " + log.hidden(SourceRecords.where(polled)));
            }
        }
    }

    void committed() throws InterruptedException {
        LoaderSwap swap = LoaderSwap.to(task.getClass().getClassLoader());
        try {
            task.commit();
        } catch (InterruptedException e) {
            throw e;
        } catch (Throwable e) { // also checked ones, which Scala and Kotlin let through
            log.cause(LOGGER.atError(), e).log("commit() of the plugin failed; the offsets are committed all the same");
        } finally {
            swap.close();
        }
    }
}
