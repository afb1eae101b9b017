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

    static final String TOPIC = "shop.orders";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** What both sinks do with a record on its way: two transforms. */
    private static final Map<String, String> TRANSFORMS = Map.of(
            "transforms", "mask,origin",
            "transforms.mask.type", "io.levada.connect.transforms.MaskField$Value",
            "transforms.mask.fields", "email",
            "transforms.mask.replacement", "hidden",
            "transforms.origin.type", "io.levada.connect.transforms.InsertField$Value",
            "transforms.origin.topic.field", "origin");

    private final HttpClient client = HttpClient.newHttpClient();
    private final String restUrl;

    DemoPipeline(String restUrl) {
        this.restUrl = restUrl;
    }

    void create(DemoPostgres postgres, DemoS3 s3, Path file) throws IOException, InterruptedException {
        put("orders-source", source(postgres));
        put("orders-file", fileSink(file));
        put("orders-s3", s3Sink(s3));
    }

    private static Map<String, String> source(DemoPostgres postgres) {
        return Map.of(
                "connector.class", "io.levada.connect.jdbc.JdbcSourceConnector",
                "connection.url", postgres.jdbcUrl(),
                "connection.user", postgres.user(),
                "table.whitelist", OrdersTable.NAME,
                "mode", "incrementing",
                "incrementing.column.name", "id",
                "poll.interval.ms", "250",
                "topic.prefix", "shop.");
    }

    private static Map<String, String> fileSink(Path file) {
        Map<String, String> config = new HashMap<>(TRANSFORMS);
        config.put("connector.class", "io.levada.connect.file.FileStreamSinkConnector");
        config.put("topics", TOPIC);
        config.put("file", file.toString());
        return config;
    }

    private static Map<String, String> s3Sink(DemoS3 s3) {
        Map<String, String> config = new HashMap<>(TRANSFORMS);
        config.put("connector.class", "io.levada.connect.s3.S3SinkConnector");
        config.put("topics", TOPIC);
        config.put("s3.bucket.name", DemoS3.BUCKET);
        config.put("s3.region", DemoS3.REGION);
        config.put("store.url", s3.url());
        config.put("aws.access.key.id", DemoS3.ACCESS_KEY);
        config.put("aws.secret.access.key", DemoS3.SECRET_KEY);
        config.put("flush.size", "500");
        config.put("rotate.schedule.interval.ms", "2000");
        config.put("timezone", "UTC");
        return config;
    }

    private void put(String name, Map<String, String> config) throws IOException, InterruptedException {
        Map<String, String> all = new LinkedHashMap<>(config);
        all.put("name", name);
        all.put("tasks.max", "1");
        HttpRequest request = HttpRequest.newBuilder(URI.create(restUrl + "/connectors/" + name + "/config"))
                .timeout(Duration.ofSeconds(90))
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofByteArray(JSON.writeValueAsBytes(all)))
                .build();
        HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("the worker did not take connector " + name + ": " + response.body());
        }
    }
}
