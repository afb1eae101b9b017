/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.testkit;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A real S3 server with the bucket the examples name. */
public final class Bucket implements AutoCloseable {

    public static final String ACCESS_KEY = "levada";
    public static final String SECRET_KEY = "sesame-street";

    private static final String NAME = "orders";
    private static final Pattern FINISHED = Pattern.compile(".*\\+\\d+\\+\\d+(\\.[a-z]+)*");

    private final S3Proxy server;
    private final S3Client client;

    private Bucket(S3Proxy server) {
        this.server = server;
        this.client = S3Client.builder()
                .endpointOverride(URI.create(url()))
                .region(Region.US_EAST_1)
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    public static Bucket open(Path folder) throws Exception {
        Files.createDirectories(folder.resolve(NAME));
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        server.start();
        return new Bucket(server);
    }

    public String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** The objects as the sink names them. One that is being written is listed under another name beside it, and gone a moment later. */
    public List<String> keys() {
        return client.listObjectsV2Paginator(request -> request.bucket(NAME)).contents().stream()
                .map(S3Object::key)
                .filter(key -> FINISHED.matcher(key).matches())
                .toList();
    }

    /** All lines of all objects, in the order of their keys; without those of an object that is gone since it was listed. */
    public List<String> lines() {
        return keys().stream().flatMap(key -> read(key).lines()).toList();
    }

    private String read(String key) {
        try {
            return new String(
                    client.getObjectAsBytes(request -> request.bucket(NAME).key(key))
                            .asByteArray(),
                    StandardCharsets.UTF_8);
        } catch (NoSuchKeyException gone) {
            return "";
        }
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            server.stop();
        } catch (Exception e) {
            throw new IOException("S3 server did not stop", e);
        }
    }
}
