/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/** An S3 server of the demo's own, on loopback, with its objects as files of a folder, and a client of it. */
final class DemoS3 implements AutoCloseable {

    static final String REGION = "us-east-1";
    static final String BUCKET = "orders";
    static final String ACCESS_KEY = "levada";

    private final S3Proxy server;
    private final S3Client client;

    private DemoS3(S3Proxy server, String secretKey) {
        this.server = server;
        this.client = S3Client.builder()
                .endpointOverride(URI.create(url()))
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, secretKey)))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    static DemoS3 start(Path folder, DemoConnections connections) throws IOException {
        Files.createDirectories(folder.resolve(BUCKET));
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:" + connections.s3Port()))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, connections.s3SecretKey())
                .build();
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the demo's S3 server did not start", e);
        }
        return new DemoS3(server, connections.s3SecretKey());
    }

    String url() {
        return "http://127.0.0.1:" + port();
    }

    int port() {
        return server.getPort();
    }

    S3Client client() {
        return client;
    }

    @Override
    public void close() throws IOException {
        client.close();
        try {
            server.stop();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the demo's S3 server did not stop", e);
        }
    }
}
