/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A real S3 server in this process, on a free port of the loopback, with one bucket. */
final class S3Server {
    static final String BUCKET = "levada-test";

    private final S3Proxy proxy;
    private final S3Client client;

    static S3Server started() {
        try {
            return new S3Server();
        } catch (Exception e) {
            throw new IllegalStateException("The S3 server does not start", e);
        }
    }

    private S3Server() throws Exception {
        proxy = S3Proxy.builder()
                .blobStore(BlobStores.create("transient-nio2", new Properties()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V2_OR_V4, "access", "secret")
                .build();
        proxy.start();
        client = S3Clients.create(S3SinkConfig.from(config(Map.of())).store());
        client.createBucket(request -> request.bucket(BUCKET));
    }

    /** The least a connector needs to write here, and what the test adds. */
    Map<String, String> config(Map<String, String> added) {
        Map<String, String> config = new HashMap<>(Map.of(
                "s3.bucket.name", BUCKET,
                "store.url", url(),
                "s3.region", "us-east-1",
                "aws.access.key.id", "access",
                "aws.secret.access.key", "secret",
                "s3.part.retries", "0",
                "flush.size", "3"));
        config.putAll(added);
        return config;
    }

    String url() {
        return "http://127.0.0.1:" + proxy.getPort();
    }

    S3Client client() {
        return client;
    }

    /** Every object of the bucket, by name. */
    Map<String, String> objects() {
        Map<String, String> objects = new TreeMap<>();
        names().forEach(name -> objects.put(name, new String(bytes(name), StandardCharsets.UTF_8)));
        return objects;
    }

    List<String> names() {
        return client.listObjectsV2(request -> request.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    byte[] bytes(String name) {
        return client.getObjectAsBytes(request -> request.bucket(BUCKET).key(name))
                .asByteArray();
    }

    /** Removes every object, so that each test starts with an empty bucket. */
    void empty() {
        names().forEach(name ->
                client.deleteObject(request -> request.bucket(BUCKET).key(name)));
    }

    int unfinishedUploads() {
        return client.listMultipartUploads(request -> request.bucket(BUCKET))
                .uploads()
                .size();
    }

    void stop() throws Exception {
        client.close();
        proxy.stop();
    }
}
