/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.harness.Plugins;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import org.apache.kafka.connect.sink.SinkConnector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3OptionsTest {
    private final S3SinkConnector connector = new S3SinkConnector();

    @Test
    void everyDefaultIsConfluents() {
        Map<String, Object> defaults = new HashMap<>();
        connector.config().configKeys().forEach((key, option) -> {
            if (option.hasDefault() && option.defaultValue != null && !Objects.equals(option.group, "Not supported")) {
                defaults.put(key, option.defaultValue);
            }
        });
        Map<String, Object> expected = new HashMap<>();
        expected.put("s3.region", "us-west-2");
        expected.put("s3.path.style.access.enabled", true);
        expected.put("s3.part.size", 26_214_400);
        expected.put("s3.part.retries", 3);
        expected.put("s3.retry.backoff.ms", 200L);
        expected.put("retry.backoff.ms", 5000L);
        expected.put("topics.dir", "topics");
        expected.put("directory.delim", "/");
        expected.put("file.delim", "+");
        expected.put("filename.offset.zero.pad.width", 10);
        expected.put("rotate.interval.ms", -1L);
        expected.put("rotate.schedule.interval.ms", -1L);
        expected.put("timezone", "UTC");
        expected.put("partitioner.max.open.files", -1);
        expected.put("s3.open.bytes.max", 104_857_600L);
        expected.put("partitioner.class", "DefaultPartitioner");
        expected.put("partition.field.name", List.of());
        expected.put("partition.duration.ms", -1L);
        expected.put("path.format", "");
        expected.put("locale", "en");
        expected.put("timestamp.extractor", "Wallclock");
        expected.put("timestamp.field", "timestamp");
        expected.put("format.class", "JsonFormat");
        expected.put("s3.compression.type", "none");
        expected.put("s3.compression.level", -1);
        expected.put("behavior.on.null.values", "fail");
        expected.put("storage.class", "S3Storage");
        expected.put("schema.compatibility", "NONE");
        assertThat(defaults).isEqualTo(expected);
    }

    @Test
    void confluentsConfigurationIsTakenAsItIs() {
        assertThat(problems(Map.of(
                        "connector.class", "io.confluent.connect.s3.S3SinkConnector",
                        "storage.class", "io.confluent.connect.s3.storage.S3Storage",
                        "format.class", "io.confluent.connect.s3.format.json.JsonFormat",
                        "partitioner.class", "io.confluent.connect.storage.partitioner.DefaultPartitioner",
                        "schema.compatibility", "NONE",
                        "locale", "en-US",
                        "timezone", "America/Los_Angeles")))
                .isEmpty();
    }

    @Test
    void missingOptionsAreReportedTogether() {
        assertThat(Plugins.problems(connector, Map.of()))
                .hasSize(2)
                .anySatisfy(problem -> assertThat(problem).contains("s3.bucket.name"))
                .anySatisfy(problem -> assertThat(problem).contains("flush.size"));
    }

    @ParameterizedTest
    @CsvSource({
        "flush.size, 0, at least 1",
        "s3.part.size, 1000, 5242880",
        "format.class, io.confluent.connect.s3.format.avro.AvroFormat, JsonFormat",
        "s3.compression.type, lz4, gzip",
        "behavior.on.null.values, write, ignore",
        "timezone, Mars/Base, time zone",
        "store.url, localhost:9000, http://localhost:9000",
        "store.url, http://169.254.169.254/latest, link-local",
        "store.url, http://[fe80::1]:9000, link-local",
        "store.url, http://[::ffff:169.254.169.254], link-local",
        "store.url, http://[::169.254.169.254], link-local",
        "store.url, http://[64:ff9b::a9fe:a9fe], link-local",
        "store.url, http://[2002:a9fe:a9fe::1], link-local",
        "store.url, http://[fd00:ec2::254]/latest, metadata",
        "store.url, http://2852039166/latest, link-local",
        "schema.compatibility, BACKWARD, none",
        "aws.access.key.id, AKIA, aws.secret.access.key",
        "partitioner.class, FieldPartitioner, partition.field.name",
        "partitioner.class, TimeBasedPartitioner, partition.duration.ms",
    })
    void badValueIsReportedWithTheRule(String key, String value, String rule) {
        assertThat(problems(Map.of(key, value))).singleElement().asString().contains(rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"store.kafka.keys", "s3.proxy.url", "rotate.file.on.partition.change", "s3.ssea.name"})
    void optionsOfConfluentsThatAreNotThereAreRefusedByName(String key) {
        assertThat(problems(Map.of(key, "x"))).singleElement().asString().contains(key, "not supported", "Remove it");
    }

    @Test
    void secretsAreNotShown() {
        String url = "http://me:hunter2@localhost:9000";
        assertThat(problems(Map.of("store.url", url, "aws.secret.access.key", "hunter2")))
                .isNotEmpty()
                .noneMatch(problem -> problem.contains("hunter2"));
    }

    @Test
    void connectorIsFoundAsAService() {
        assertThat(ServiceLoader.load(SinkConnector.class)).hasAtLeastOneElementOfType(S3SinkConnector.class);
    }

    private List<String> problems(Map<String, String> added) {
        Map<String, String> config = new HashMap<>(Map.of("s3.bucket.name", "orders", "flush.size", "1000"));
        config.putAll(added);
        return Plugins.problems(connector, config);
    }
}
