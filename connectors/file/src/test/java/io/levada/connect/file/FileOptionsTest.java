/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.Plugins;
import io.levada.connect.api.harness.SinkHarness;
import io.levada.connect.api.harness.SourceHarness;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.sink.SinkConnector;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.apache.kafka.connect.source.SourceConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FileOptionsTest {
    private static final Map<String, String> SOURCE = Map.of("file", "in.txt", "topic", "lines");
    private static final Map<String, Object> PARTITION = Map.of("filename", "in.txt");

    private final FileStreamSourceConnector source = new FileStreamSourceConnector();

    @Test
    void everyDefaultIsApachesOrHarmless() {
        Map<String, Object> defaults = new HashMap<>();
        source.config().configKeys().forEach((key, option) -> defaults.put(key, option.defaultValue));
        defaults.remove("topic");
        Map<String, Object> expected = new HashMap<>(Map.of(
                "batch.size",
                2000,
                "line.max.bytes",
                16 * 1024 * 1024,
                "file.rotation.wait.ms",
                5000L,
                "file.charset",
                "UTF-8",
                "file.allowed.paths",
                List.of()));
        expected.put("file", null);
        assertThat(defaults).isEqualTo(expected);
    }

    @Test
    void allProblemsAreReportedTogetherByKeyValueAndRule() {
        assertThat(Plugins.problems(source, Map.of("topic", "", "batch.size", "0", "file.charset", "klingon")))
                .hasSize(3)
                .anySatisfy(problem -> assertThat(problem).contains("topic", "non-empty"))
                .anySatisfy(problem -> assertThat(problem).contains("batch.size", "0", "at least 1"))
                .anySatisfy(problem -> assertThat(problem).contains("file.charset", "klingon", "UTF-8"));
    }

    @Test
    void charactersWhoseLineEndIsNoSingleByteAreRefused() {
        assertThat(Plugins.problems(source, with("file.charset", "UTF-16")))
                .singleElement()
                .asString()
                .contains("file.charset", "UTF-16", "convert the file");
    }

    @Test
    void fileOutsideTheAllowedFoldersIsRefused(@TempDir Path allowed) {
        assertThat(Plugins.problems(source, with("file.allowed.paths", allowed.toString())))
                .singleElement()
                .asString()
                .contains("in.txt", allowed.toString(), "file.allowed.paths");
    }

    @Test
    void linkThatLeadsOutOfTheAllowedFoldersIsRefused(@TempDir Path allowed, @TempDir Path outside) throws Exception {
        Path secret = Files.writeString(outside.resolve("secret"), "secret\n");
        Path link = Files.createSymbolicLink(allowed.resolve("link"), secret);
        Map<String, String> config =
                Map.of("file", link.toString(), "topic", "t", "file.allowed.paths", allowed.toString());
        assertThatThrownBy(() -> SinkHarness.start(new FileStreamSinkConnector(), config))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("outside file.allowed.paths");
        try (var harness = SourceHarness.start(source, config, new MemoryOffsets())) {
            assertThatThrownBy(harness::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("outside file.allowed.paths");
        }
    }

    @Test
    void fileWithinTheAllowedFoldersIsMade(@TempDir Path allowed) {
        Path file = allowed.resolve("out.txt");
        SinkHarness.start(
                        new FileStreamSinkConnector(),
                        Map.of("file", file.toString(), "file.allowed.paths", allowed.toString()))
                .close();
        assertThat(file).exists();
    }

    @Test
    void folderIsNoFile(@TempDir Path folder) {
        try (var harness =
                SourceHarness.start(source, Map.of("file", folder.toString(), "topic", "t"), new MemoryOffsets())) {
            assertThatThrownBy(harness::poll)
                    .isInstanceOf(ConnectException.class)
                    .hasMessageContaining("no regular file");
        }
    }

    @Test
    void filesAreReadExactlyOnceAndStandardInputIsNot() {
        assertThat(source.exactlyOnceSupport(SOURCE)).isEqualTo(ExactlyOnceSupport.SUPPORTED);
        assertThat(source.exactlyOnceSupport(Map.of("topic", "t"))).isEqualTo(ExactlyOnceSupport.UNSUPPORTED);
    }

    @Test
    void standardInputIsReadAndTheLogSaysSo() throws InterruptedException {
        Logger logger = (Logger) LoggerFactory.getLogger(FileStreamSourceTask.class);
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        log.start();
        logger.addAppender(log);
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream("line\n".getBytes(StandardCharsets.UTF_8)));
        try (var harness = SourceHarness.start(source, Map.of("topic", "t"), new MemoryOffsets())) {
            assertThat(harness.poll()).hasSizeLessThan(2);
        } finally {
            System.setIn(before);
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .singleElement()
                .satisfies(event -> assertThat(event.getMessage()).contains("'file' is not set", "standard input"));
    }

    @Test
    void offsetsMayBeAlteredToAnyByteAndRemovedWhateverTheyAre() {
        assertThat(source.alterOffsets(SOURCE, Map.of(PARTITION, Map.of("position", 10L))))
                .isTrue();
        assertThat(source.alterOffsets(SOURCE, Collections.singletonMap(Map.of("rubbish", 1), null)))
                .isTrue();
    }

    @Test
    void offsetsThatAreNoBytePositionAreRefused() {
        assertThatThrownBy(() -> source.alterOffsets(SOURCE, Map.of(PARTITION, Map.of("position", "ten"))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("position");
        assertThatThrownBy(() -> source.alterOffsets(SOURCE, Map.of(PARTITION, Map.of("position", -1L))))
                .isInstanceOf(ConnectException.class);
        assertThatThrownBy(() -> source.alterOffsets(SOURCE, Map.of(Map.of("name", "x"), Map.of("position", 1L))))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("filename");
        assertThatThrownBy(() -> source.alterOffsets(Map.of("topic", "t"), Map.of()))
                .isInstanceOf(ConnectException.class)
                .hasMessageContaining("Standard input");
    }

    @Test
    void connectorsAreFoundAsServices() {
        assertThat(ServiceLoader.load(SourceConnector.class))
                .hasAtLeastOneElementOfType(FileStreamSourceConnector.class);
        assertThat(ServiceLoader.load(SinkConnector.class)).hasAtLeastOneElementOfType(FileStreamSinkConnector.class);
    }

    private static Map<String, String> with(String key, String value) {
        Map<String, String> config = new HashMap<>(SOURCE);
        config.put(key, value);
        return config;
    }
}
