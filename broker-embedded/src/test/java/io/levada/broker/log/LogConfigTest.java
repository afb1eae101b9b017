/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.broker.log.config.LogConfig;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.errors.InvalidConfigurationException;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;

class LogConfigTest {
    @Test
    void defaultsAreKafkas() {
        assertThat(LogConfig.defaults())
                .isEqualTo(new LogConfig(
                        new LogConfig.Segment(1073741824, 604800000, 0, 10485760, 4096, 60000),
                        new LogConfig.Retention(true, false, 604800000, -1),
                        new LogConfig.Compaction(0.5, 86400000, 0, Long.MAX_VALUE),
                        new LogConfig.Message(
                                1048588,
                                Integer.MAX_VALUE,
                                TimestampType.CREATE_TIME,
                                Long.MAX_VALUE,
                                3600000,
                                Optional.empty()),
                        1));
    }

    @Test
    void everyKeyReachesItsField() {
        assertThat(LogConfig.from(Map.ofEntries(
                        Map.entry("segment.bytes", "2000"),
                        Map.entry("segment.ms", "3"),
                        Map.entry("segment.jitter.ms", "4"),
                        Map.entry("segment.index.bytes", "5"),
                        Map.entry("index.interval.bytes", "6"),
                        Map.entry("file.delete.delay.ms", "7"),
                        Map.entry("cleanup.policy", "compact,delete"),
                        Map.entry("retention.ms", "8"),
                        Map.entry("retention.bytes", "9"),
                        Map.entry("min.cleanable.dirty.ratio", "0.25"),
                        Map.entry("delete.retention.ms", "10"),
                        Map.entry("min.compaction.lag.ms", "11"),
                        Map.entry("max.compaction.lag.ms", "12"),
                        Map.entry("max.message.bytes", "13"),
                        Map.entry("max.decompressed.message.bytes", "14"),
                        Map.entry("message.timestamp.type", "LogAppendTime"),
                        Map.entry("message.timestamp.before.max.ms", "15"),
                        Map.entry("message.timestamp.after.max.ms", "16"),
                        Map.entry("compression.type", "zstd"),
                        Map.entry("compression.zstd.level", "17"),
                        Map.entry("min.insync.replicas", "2"))))
                .isEqualTo(new LogConfig(
                        new LogConfig.Segment(2000, 3, 4, 5, 6, 7),
                        new LogConfig.Retention(true, true, 8, 9),
                        new LogConfig.Compaction(0.25, 10, 11, 12),
                        new LogConfig.Message(
                                13,
                                14,
                                TimestampType.LOG_APPEND_TIME,
                                15,
                                16,
                                Optional.of(Compression.zstd().level(17).build())),
                        2));
    }

    /** Kafka adds to it that there is no value, which nobody said. */
    @Test
    void aValueOfTheWrongTypeIsOneProblem() {
        assertThatThrownBy(() -> LogConfig.from(Map.of("retention.ms", "abc")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessage("Invalid value abc for configuration retention.ms: Not a number of type LONG");
    }

    @Test
    void allProblemsAreToldAtOnce() {
        assertThatThrownBy(() -> LogConfig.from(Map.of(
                        "segment.bytes", "many",
                        "retention.ms", "-2",
                        "cleanup.policy", "burn",
                        "retention.msec", "1",
                        "compression.type", "brotli")))
                .isInstanceOf(InvalidConfigurationException.class)
                .hasMessageContaining("segment.bytes")
                .hasMessageContaining("retention.ms")
                .hasMessageContaining("burn")
                .hasMessageContaining("unknown topic setting retention.msec")
                .hasMessageContaining("brotli");
    }

    @Test
    void settingsThatSayWhatWeDoAnywayAreAccepted() {
        assertThat(LogConfig.from(Map.of(
                        "compression.type", "producer", "preallocate", "false", "flush.ms", "" + Long.MAX_VALUE)))
                .isEqualTo(LogConfig.defaults());
    }
}
