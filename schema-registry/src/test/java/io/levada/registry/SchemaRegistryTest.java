/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.registry;

import static io.levada.registry.RegistryClient.schemaBody;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.levada.broker.BrokerConfig;
import io.levada.broker.EmbeddedBroker;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(600)
final class SchemaRegistryTest {

    private static final String V1 =
            "{\"type\":\"record\",\"name\":\"Order\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}";
    private static final String WITH_DEFAULT = "{\"type\":\"record\",\"name\":\"Order\",\"fields\":["
            + "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"item\",\"type\":\"string\",\"default\":\"\"}]}";
    private static final String WITHOUT_DEFAULT = "{\"type\":\"record\",\"name\":\"Order\",\"fields\":["
            + "{\"name\":\"id\",\"type\":\"long\"},{\"name\":\"item\",\"type\":\"string\"}]}";

    @TempDir
    private Path data;

    private EmbeddedBroker broker;
    private SchemaRegistry registry;
    private RegistryClient client;

    @BeforeEach
    void start() {
        broker = EmbeddedBroker.start(
                BrokerConfig.from(Map.of("broker.listeners", "PLAINTEXT://127.0.0.1:0", "data.dir", data.toString())));
        startRegistry();
    }

    private void startRegistry() {
        registry = SchemaRegistry.start(config(Map.of()));
        client = new RegistryClient(registry.address());
    }

    private RegistryConfig config(Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(
                Map.of("listeners", "http://localhost:0", "kafkastore.bootstrap.servers", broker.bootstrapServers()));
        properties.putAll(more);
        return RegistryConfig.from(properties);
    }

    @AfterEach
    void stop() {
        registry.close();
        broker.close();
    }

    @Test
    void recordsOfStrangersAreSkippedAndDoNotStopAStart() throws Exception {
        client.register("orders-value", V1);
        registry.close();
        String schemaKey = "{\"keytype\":\"SCHEMA\",\"subject\":\"x\",\"version\":1,\"magic\":1}";
        String levelKey = "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0}";
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (String key : new String[] {"k", "", "null", "[]", "{}", "{\"keytype\":1}", schemaKey, levelKey}) {
                for (String value : new String[] {
                    "v",
                    "",
                    "null",
                    "[]",
                    "{}",
                    "1",
                    "{\"compatibilityLevel\":\"X\"}",
                    "{\"compatibilityLevel\":1}",
                    "{\"subject\":\"x\",\"version\":-1,\"id\":0,\"schema\":\"x\"}",
                    "{\"subject\":\"x\",\"version\":1,\"id\":\"2\",\"schema\":\"x\"}",
                    "{\"subject\":\"x\",\"version\":2147483647,\"id\":2147483647,\"schema\":\"\\\"long\\\"\"}",
                    "{\"subject\":\"x\",\"version\":2147483648,\"id\":2147483648,\"schema\":\"\\\"long\\\"\"}",
                    "[".repeat(5_000)
                }) {
                    producer.send(new ProducerRecord<>("_schemas", 0, key, value))
                            .get();
                }
            }
        }
        startRegistry();
        assertThat(client.get("/subjects").body().toString()).isEqualTo("[\"orders-value\",\"x\"]");
        assertThat(client.register("next-value", WITH_DEFAULT).body().path("id").asInt())
                .as("after the highest id that can have a successor")
                .isEqualTo(2);
        assertThat(client.register("x", "\"double\"").body().path("id").asInt()).isEqualTo(3);
        assertThat(client.get("/subjects/x/versions").body().toString())
                .as("numbers go on below the highest")
                .isEqualTo("[1,2147483647]");
    }

    @Test
    void aRegisteredSchemaIsFoundByIdBySubjectAndByItself() {
        assertThat(client.register("orders-value", V1).body().path("id").asInt())
                .isEqualTo(1);

        assertThat(client.get("/schemas/ids/1").body().path("schema").asText()).isEqualTo(V1);
        assertThat(client.get("/subjects").body().toString()).isEqualTo("[\"orders-value\"]");
        assertThat(client.get("/subjects/orders-value/versions").body().toString())
                .isEqualTo("[1]");
        for (String version : List.of("1", "latest", "-1")) {
            assertThat(client.get("/subjects/orders-value/versions/" + version).body())
                    .asString()
                    .startsWith("{\"subject\":\"orders-value\",\"version\":1,\"id\":1,\"schema\":");
        }
        assertThat(client.post("/subjects/orders-value", schemaBody(V1))
                        .body()
                        .path("version")
                        .asInt())
                .isEqualTo(1);
        assertThat(client.get("/subjects/orders-value/versions/1/schema")
                        .body()
                        .path("name")
                        .asText())
                .isEqualTo("Order");
    }

    @Test
    void theSameSchemaKeepsItsIdHoweverItIsWrittenAndWhereverItIsUsed() {
        client.register("orders-value", V1);

        assertThat(client.register("orders-value", V1.replace(":", " : "))
                        .body()
                        .path("id")
                        .asInt())
                .isEqualTo(1);
        assertThat(client.register("copies-value", V1).body().path("id").asInt())
                .isEqualTo(1);
        assertThat(client.register("keys", "\"long\"").body().path("id").asInt())
                .isEqualTo(2);

        assertThat(client.get("/subjects/orders-value/versions").body()).hasSize(1);
        assertThat(client.get("/schemas/ids/1/versions").body().toString())
                .isEqualTo(
                        "[{\"subject\":\"copies-value\",\"version\":1},{\"subject\":\"orders-value\",\"version\":1}]");
    }

    @Test
    void aSchemaThatCannotReadTheLatestIsRefusedUnlessTheLevelAllowsIt() {
        client.register("orders-value", V1);

        RegistryClient.Answer refused = client.register("orders-value", WITHOUT_DEFAULT);
        assertThat(refused.status()).isEqualTo(409);
        assertThat(refused.errorCode()).isEqualTo(40901);
        assertThat(client.register("orders-value", WITH_DEFAULT).status()).isEqualTo(200);

        assertThat(client.put("/config/orders-value", "{\"compatibility\":\"none\"}")
                        .body()
                        .toString())
                .isEqualTo("{\"compatibility\":\"NONE\"}");
        assertThat(client.register("orders-value", WITHOUT_DEFAULT).status()).isEqualTo(200);
        assertThat(client.get("/subjects/orders-value/versions").body().toString())
                .isEqualTo("[1,2,3]");
    }

    @Test
    void compatibilityIsTestedWithoutRegistering() {
        client.register("orders-value", V1);

        String path = "/compatibility/subjects/orders-value/versions";
        assertThat(client.post(path + "/latest", schemaBody(WITH_DEFAULT))
                        .body()
                        .toString())
                .isEqualTo("{\"is_compatible\":true}");
        assertThat(client.post(path + "/1?verbose=true", schemaBody(WITHOUT_DEFAULT))
                        .body())
                .asString()
                .contains("\"is_compatible\":false", "READER_FIELD_MISSING_DEFAULT_VALUE");
        assertThat(client.post(path, schemaBody(WITH_DEFAULT))
                        .body()
                        .path("is_compatible")
                        .asBoolean())
                .isTrue();
        assertThat(client.get("/subjects/orders-value/versions").body()).hasSize(1);
    }

    @Test
    void levelsAreSetForAllOrForOneSubject() {
        assertThat(client.get("/config").body().toString()).isEqualTo("{\"compatibilityLevel\":\"BACKWARD\"}");

        client.put("/config", "{\"compatibility\":\"FULL\"}");
        client.put("/config/one", "{\"compatibility\":\"FORWARD_TRANSITIVE\"}");

        assertThat(client.get("/config").body().path("compatibilityLevel").asText())
                .isEqualTo("FULL");
        assertThat(client.get("/config/one").body().path("compatibilityLevel").asText())
                .isEqualTo("FORWARD_TRANSITIVE");
        assertThat(client.get("/config/other").errorCode()).isEqualTo(40408);
        assertThat(client.get("/config/other?defaultToGlobal=true")
                        .body()
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("FULL");
    }

    @Test
    void everyFailureHasTheCodeThatClientsKnow() {
        client.register("orders-value", V1);

        assertThat(client.get("/subjects/none/versions").errorCode()).isEqualTo(40401);
        assertThat(client.get("/subjects/orders-value/versions/9").errorCode()).isEqualTo(40402);
        assertThat(client.get("/subjects/orders-value/versions/x").errorCode()).isEqualTo(42202);
        assertThat(client.get("/subjects/orders-value/versions/0").status()).isEqualTo(422);
        assertThat(client.get("/schemas/ids/99").errorCode()).isEqualTo(40403);
        assertThat(client.post("/subjects/orders-value", schemaBody(WITH_DEFAULT))
                        .errorCode())
                .isEqualTo(40403);
        assertThat(client.register("orders-value", "{\"type\":\"nothing\"}").errorCode())
                .isEqualTo(42201);
        assertThat(client.post("/subjects/s/versions", "{}").errorCode()).isEqualTo(42201);
        assertThat(client.post("/subjects/s/versions", "{\"schema\":\"{}\",\"schemaType\":\"PROTOBUF\"}")
                        .errorCode())
                .isEqualTo(42201);
        assertThat(client.put("/config", "{\"compatibility\":\"SIDEWARD\"}").errorCode())
                .isEqualTo(42203);
        assertThat(client.post("/subjects/s/versions", "{\"schema\"").status()).isEqualTo(400);
        assertThat(client.get("/nowhere").status()).isEqualTo(404);
        assertThat(client.put("/subjects", "{}").status()).isEqualTo(405);
    }

    @Test
    void subjectsMayHoldAnyCharacter() {
        client.register("a%2Fb%20c+d", V1);

        assertThat(client.get("/subjects").body().toString()).isEqualTo("[\"a/b c+d\"]");
        assertThat(client.get("/subjects/a%2Fb%20c+d/versions").body()).hasSize(1);
    }

    @Test
    void everythingIsThereAgainAfterARestart() {
        client.register("orders-value", V1);
        client.register("orders-value", WITH_DEFAULT);
        client.put("/config/orders-value", "{\"compatibility\":\"FULL\"}");

        registry.close();
        startRegistry();

        assertThat(client.get("/subjects/orders-value/versions").body().toString())
                .isEqualTo("[1,2]");
        assertThat(client.get("/schemas/ids/2").status()).isEqualTo(200);
        assertThat(client.get("/config/orders-value")
                        .body()
                        .path("compatibilityLevel")
                        .asText())
                .isEqualTo("FULL");
        assertThat(client.register("more", "\"long\"").body().path("id").asInt())
                .isEqualTo(3);
    }

    @Test
    void theTopicHoldsConfluentsRecords() {
        client.register("orders-value", V1);
        client.put("/config", "{\"compatibility\":\"FULL\"}");

        assertThat(topicText())
                .containsExactly(
                        "{\"keytype\":\"SCHEMA\",\"subject\":\"orders-value\",\"version\":1,\"magic\":1}",
                        "{\"subject\":\"orders-value\",\"version\":1,\"id\":1,\"schema\":" + quoted(V1)
                                + ",\"deleted\":false}",
                        "{\"keytype\":\"CONFIG\",\"subject\":null,\"magic\":0}",
                        "{\"compatibilityLevel\":\"FULL\"}");
    }

    private static String quoted(String json) {
        return "\"" + json.replace("\"", "\\\"") + "\"";
    }

    private List<String> topicText() {
        List<String> text = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition("_schemas", 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
            while (consumer.position(partition) < end) {
                consumer.poll(Duration.ofSeconds(1)).forEach(kafkaRecord -> {
                    text.add(kafkaRecord.key());
                    text.add(kafkaRecord.value());
                });
            }
        }
        return text;
    }

    @Test
    void whatAnotherRegistryWroteIsServedAndNumbersGoOnFromThere() throws Exception {
        registry.close();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", broker.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer())) {
            for (String[] pair : new String[][] {
                {"{\"keytype\":\"NOOP\",\"magic\":0}", null},
                {schemaKey(1), schemaValue(1, 7, false)},
                {schemaKey(2), schemaValue(2, 8, false)},
                {schemaKey(1), schemaValue(1, 7, true)},
                {"{\"keytype\":\"MODE\",\"subject\":null,\"magic\":0}", "{\"mode\":\"READWRITE\"}"},
                {"no json", "at all"}
            }) {
                producer.send(new ProducerRecord<>("_schemas", 0, pair[0], pair[1]))
                        .get();
            }
        }
        startRegistry();

        assertThat(client.get("/subjects/legacy/versions").body().toString()).isEqualTo("[2]");
        assertThat(client.get("/schemas/ids/7").status()).isEqualTo(200);
        client.put("/config", "{\"compatibility\":\"NONE\"}");
        assertThat(client.register("legacy", "\"bytes\"").body().path("id").asInt())
                .isEqualTo(9);
        assertThat(client.get("/subjects/legacy/versions").body().toString()).isEqualTo("[2,3]");
    }

    private static String schemaKey(int version) {
        return "{\"keytype\":\"SCHEMA\",\"subject\":\"legacy\",\"version\":" + version + ",\"magic\":1}";
    }

    private static String schemaValue(int version, int id, boolean deleted) {
        return "{\"subject\":\"legacy\",\"version\":" + version + ",\"id\":" + id
                + ",\"md5\":\"x\",\"schema\":\"\\\"long\\\"\",\"deleted\":" + deleted + "}";
    }

    @Test
    void aBodyBeyondTheBoundIsRefusedAndTheServerGoesOn() {
        String huge = " ".repeat(11 * 1024 * 1024);

        // The server answers and hangs up while the client still sends: which of the two the client notices is a matter
        // of luck.
        Throwable failure = catchThrowable(() ->
                assertThat(client.post("/subjects/s/versions", huge).status()).isEqualTo(413));
        assertThat(failure)
                .satisfiesAnyOf(
                        none -> assertThat(none).isNull(),
                        hungUp -> assertThat(hungUp).hasCauseInstanceOf(IOException.class));

        assertThat(client.get("/subjects").status()).isEqualTo(200);
    }

    @Test
    void anAddressThatOtherMachinesReachHasToBeAskedFor() {
        assertThatThrownBy(() -> SchemaRegistry.start(config(Map.of("listeners", "http://0.0.0.0:0"))))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("rest.insecure");
    }

    @Test
    void anOccupiedPortFailsTheStartByName() {
        assertThatThrownBy(() -> SchemaRegistry.start(
                        config(Map.of("listeners", registry.address().toString()))))
                .isInstanceOf(RegistryStartException.class);
    }

    @Test
    void anUnreachableBrokerFailsTheStartWithinTheTimeout() {
        assertThatThrownBy(() -> SchemaRegistry.start(
                        config(Map.of("kafkastore.bootstrap.servers", "127.0.0.1:1", "kafkastore.timeout.ms", "1000"))))
                .isInstanceOf(RegistryStartException.class)
                .hasMessageContaining("127.0.0.1:1");
    }

    @Test
    void aWrongListenerIsRefusedByItsKey() {
        assertThatThrownBy(() -> config(Map.of("listeners", "localhost:8081")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("listeners");
    }
}
