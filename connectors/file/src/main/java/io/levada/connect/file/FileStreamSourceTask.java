/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import io.levada.connect.api.PluginVersion;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads lines on its task thread; {@link #stop()} may come from another, hence the lock around the file. */
public final class FileStreamSourceTask extends SourceTask {
    private static final Logger LOGGER = LoggerFactory.getLogger(FileStreamSourceTask.class);
    private static final long IDLE_WAIT_MS = 100;

    private final InstantSource clock = InstantSource.system();
    private final CountDownLatch stopped = new CountDownLatch(1);
    private @Nullable FileSourceConfig config;
    private @Nullable LineSource lines;
    private boolean waitingForFile;

    @Override
    public String version() {
        return PluginVersion.of(FileStreamSourceTask.class);
    }

    @Override
    public void start(Map<String, String> properties) {
        config = FileSourceConfig.SPEC.bind(properties);
    }

    /** The lines there are now, or null after a short wait if there are none. */
    @Override
    public @Nullable List<SourceRecord> poll() throws InterruptedException {
        List<SourceRecord> records = read();
        if (!records.isEmpty()) {
            return records;
        }
        boolean ended = stopped.await(IDLE_WAIT_MS, TimeUnit.MILLISECONDS);
        LOGGER.atTrace().addKeyValue("stopped", ended).log("no line to read");
        return null;
    }

    @Override
    public void stop() {
        stopped.countDown();
        synchronized (this) {
            closeLines();
        }
    }

    private synchronized List<SourceRecord> read() {
        FileSourceConfig started = config;
        if (started == null || stopped.getCount() == 0) {
            return List.of();
        }
        try {
            if (lines == null) {
                lines = open(started);
            }
            long now = clock.millis();
            return lines.read(started.batchSize()).stream()
                    .map(line -> record(started, line, now))
                    .toList();
        } catch (NoSuchFileException e) {
            sayOnceThatFileIsAwaited(started);
            return List.of();
        } catch (IOException e) {
            throw new ConnectException("Cannot read file " + started.file() + ": " + e.getMessage(), e);
        }
    }

    private LineSource open(FileSourceConfig started) throws IOException {
        String file = started.file();
        if (file == null) {
            LOGGER.atWarn()
                    .addKeyValue("topic", started.topic())
                    .log("'file' is not set, so standard input of the worker is read: one in the background has none");
            return new StandardInput(System.in, new LineSplitter(started.text().charset(), started.lineBytesMax(), 0));
        }
        Map<String, Object> stored = context.offsetStorageReader().offset(FileOffset.partition(file));
        TailedFile opened = new TailedFile(Path.of(file), started, stored, clock);
        waitingForFile = false;
        return opened;
    }

    private void sayOnceThatFileIsAwaited(FileSourceConfig started) {
        if (!waitingForFile) {
            LOGGER.atWarn().addKeyValue("file", started.file()).log("file is not there yet; waiting for it");
            waitingForFile = true;
        }
    }

    private void closeLines() {
        LineSource closing = lines;
        lines = null;
        if (closing == null) {
            return;
        }
        try {
            closing.close();
        } catch (IOException e) {
            LOGGER.atWarn().setCause(e).log("file did not close well; nothing was to be written to it");
        }
    }

    private static SourceRecord record(FileSourceConfig config, LineSource.Line line, long now) {
        return new SourceRecord(
                FileOffset.partition(config.file()),
                line.nextOffset(),
                config.topic(),
                null,
                null,
                null,
                Schema.STRING_SCHEMA,
                line.text(),
                now);
    }
}
