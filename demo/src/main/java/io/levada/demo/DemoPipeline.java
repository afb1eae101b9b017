/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** The demo's three connectors, created as anyone would: by PUTting their configuration to the worker's REST API. */
final class DemoPipeline {

    static final String TOPIC = "shop." + OrdersTable.NAME;

    /** The server keeps its log for it. */
    static final String SLOT = "levada_demo";

    private static final Duration ANSWER_MAX = Duration.ofSeconds(90);
    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * What both sinks do with a record on its way: they pass over the marks behind deletions, which are for compaction, leave out where
     * in the database the change was, and add which topic it comes from.
     */
    private static final Map<String, String> TRANSFORMS = Map.of(
            "transforms", "mark,slim,origin",
            "transforms.mark.type", "io.levada.connect.transforms.Filter",
            "transforms.mark.predicate", "isMark",
            "transforms.slim.type", "io.levada.connect.transforms.ReplaceField$Value",
            "transforms.slim.exclude", "source,transaction,ts_us,ts_ns",
            "transforms.origin.type", "io.levada.connect.transforms.InsertField$Value",
            "transforms.origin.topic.field", "origin",
            "predicates", "isMark",
            "predicates.isMark.type", "io.levada.connect.transforms.predicates.RecordIsTombstone");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String restUrl;

    DemoPipeline(String restUrl) {
        this.restUrl = restUrl;
    }

    void create(DemoConnections connections, Path file) throws IOException, InterruptedException {
        put("orders-source", source(connections));
        put("orders-file", fileSink(file));
        put("orders-s3", s3Sink(connections));
    }

    private static Map<String, String> source(DemoConnections connections) {
        Map<String, String> config = new HashMap<>();
        config.put("connector.class", "io.levada.connect.jdbc.PostgresCdcSourceConnector");
        config.put("database.hostname", "localhost");
        config.put("database.port", connections.reference(DemoConnections.POSTGRES_PORT));
        config.put("database.user", DemoPostgres.USER);
        config.put("database.password", connections.reference(DemoConnections.POSTGRES_PASSWORD));
        config.put("database.dbname", DemoPostgres.DATABASE);
        config.put("table.include.list", OrdersTable.NAME);
        config.put("column.mask.with.6.chars", OrdersTable.NAME + ".email");
        config.put("decimal.handling.mode", "string");
        config.put("snapshot.mode", "no_data"); // the table is empty when the capture begins
        config.put("slot.name", SLOT);
        config.put("publication.name", SLOT);
        config.put("publication.autocreate.mode", "filtered");
        config.put("retriable.restart.connector.wait.ms", "1000");
        config.put("topic.prefix", "shop");
        return config;
    }

    private static Map<String, String> fileSink(Path file) {
        Map<String, String> config = new HashMap<>(TRANSFORMS);
        config.put("connector.class", "io.levada.connect.file.FileStreamSinkConnector");
        config.put("topics", TOPIC);
        config.put("file", file.toString());
        return config;
    }

    private static Map<String, String> s3Sink(DemoConnections connections) {
        Map<String, String> config = new HashMap<>(TRANSFORMS);
        config.put("connector.class", "io.levada.connect.s3.S3SinkConnector");
        config.put("topics", TOPIC);
        config.put("s3.bucket.name", DemoS3.BUCKET);
        config.put("s3.region", DemoS3.REGION);
        config.put("store.url", connections.reference(DemoConnections.S3_URL));
        config.put("aws.access.key.id", DemoS3.ACCESS_KEY);
        config.put("aws.secret.access.key", connections.reference(DemoConnections.S3_SECRET_KEY));
        config.put("flush.size", "500");
        config.put("rotate.schedule.interval.ms", "2000");
        config.put("timezone", "UTC");
        return config;
    }

    /** One that is as it should be already is left running: a PUT would restart it. */
    private void put(String name, Map<String, String> config) throws IOException, InterruptedException {
        Map<String, String> all = new LinkedHashMap<>(config);
        all.put("name", name);
        all.put("tasks.max", "1");
        HttpResponse<String> stored = client.send(request(name).GET().build(), BodyHandlers.ofString());
        if (stored.statusCode() == 200 && JSON.valueToTree(all).equals(JSON.readTree(stored.body()))) {
            return;
        }
        HttpResponse<String> response = client.send(
                request(name)
                        .header("Content-Type", "application/json")
                        .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(all)))
                        .build(),
                BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("the worker did not take connector " + name + ": " + response.body());
        }
    }

    private HttpRequest.Builder request(String name) {
        return HttpRequest.newBuilder(URI.create(restUrl + "/connectors/" + name + "/config"))
                .timeout(ANSWER_MAX);
    }
}
