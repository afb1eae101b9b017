/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.clean;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.broker.file.DamagedFileException;
import io.levada.broker.log.PartitionLog;
import io.levada.broker.log.files.CorruptIndexException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.errors.CorruptRecordException;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

/** Which failures of a pass are tried again, and when. */
final class UncleanableTest {
    @TempDir
    Path dir;

    private final Uncleanable uncleanable = new Uncleanable();
    private CleanedLog fixture;
    private PartitionLog log;

    @BeforeEach
    void open() {
        fixture = new CleanedLog(dir, CleanedLog.AMPLE);
        log = fixture.log();
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    static Throwable[] passing() {
        IOException full = new IOException("No space left on device");
        return new Throwable[] {
            full,
            new FileSystemException("0.log", null, "Too many open files"),
            new UncheckedIOException(full),
            new KafkaStorageException("cannot replace segments", full),
            new OutOfMemoryError("Java heap space")
        };
    }

    static Throwable[] staying() {
        return new Throwable[] {
            new CorruptRecordException("crc"),
            new CorruptIndexException(Path.of("0.index"), "it has 3 bytes"),
            new UncheckedIOException(new CorruptIndexException(Path.of("0.index"), "it has 3 bytes")),
            new DamagedFileException(Path.of("0.snapshot"), "it holds nothing"),
            new KafkaStorageException("takes no more records"),
            new IllegalStateException("an error of the cleaner's")
        };
    }

    @ParameterizedTest
    @MethodSource("passing")
    void whatMayPassIsTriedAgainLaterAndLater(Throwable cause) {
        long nowMs = 0;
        List<Level> levels = new ArrayList<>();
        for (long seconds : new long[] {15, 30, 60, 120, 240, 480, 960, 960}) {
            long at = nowMs;
            levels.add(told(() -> uncleanable.failed(log, cause, at)).getLevel());
            long pauseMs = TimeUnit.SECONDS.toMillis(seconds);
            assertThat(uncleanable.rests(log, nowMs + pauseMs - 1)).isTrue();
            assertThat(uncleanable.rests(log, nowMs + pauseMs)).isFalse();
            nowMs += pauseMs;
        }
        assertThat(levels)
                .as("as what passes by itself at first, then as what may not")
                .containsExactly(
                        Level.WARN,
                        Level.WARN,
                        Level.WARN,
                        Level.WARN,
                        Level.ERROR,
                        Level.ERROR,
                        Level.ERROR,
                        Level.ERROR);
        uncleanable.cleaned(log);
        uncleanable.failed(log, cause, nowMs);
        assertThat(uncleanable.rests(log, nowMs + 15_000))
                .as("from the beginning")
                .isFalse();
    }

    @ParameterizedTest
    @MethodSource("staying")
    void whatIsInTheFilesStays(Throwable cause) {
        ILoggingEvent told = told(() -> uncleanable.failed(log, cause, 0));
        assertThat(told.getLevel()).isEqualTo(Level.ERROR);
        assertThat(told.getFormattedMessage()).contains("'levada storage verify'");
        assertThat(uncleanable.rests(log, Long.MAX_VALUE - 1)).isTrue();
    }

    /** The one line that is logged meanwhile. */
    private static ILoggingEvent told(Runnable call) {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(Uncleanable.class);
        lines.start();
        logger.addAppender(lines);
        try {
            call.run();
        } finally {
            logger.detachAppender(lines);
        }
        assertThat(lines.list).hasSize(1);
        return lines.list.get(0);
    }

    @Test
    void whatIsNotThereAnyMoreIsForgotten() {
        uncleanable.failed(log, new CorruptRecordException("crc"), 0);
        uncleanable.forget(other -> false);
        assertThat(uncleanable.rests(log, 1)).isTrue();
        uncleanable.forget(log::equals);
        assertThat(uncleanable.rests(log, 1)).isFalse();
    }
}
