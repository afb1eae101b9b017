/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/** An S3 server of the demo's own, on a free port of loopback, with its objects as files of a folder, and a client of it. */
final class DemoS3 implements AutoCloseable {

    static final String REGION = "us-east-1";
    static final String BUCKET = "orders";
    static final String ACCESS_KEY = "levada";
    static final String SECRET_KEY = "levada-demo-only";

    private final S3Proxy server;
    private final S3Client client;

    private DemoS3(S3Proxy server) {
        this.server = server;
        this.client = S3Client.builder()
                .endpointOverride(URI.create(url()))
                .region(Region.of(REGION))
                .forcePathStyle(true)
                .credentialsProvider(
                        StaticCredentialsProvider.create(AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY)))
                .httpClientBuilder(Apache5HttpClient.builder())
                .build();
    }

    static DemoS3 start(Path folder) throws IOException {
        Files.createDirectories(folder.resolve(BUCKET));
        S3Proxy server = S3Proxy.builder()
                .blobStore(new FilesystemNio2BlobStore(folder.toString()))
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .build();
        try {
            server.start();
        } catch (IOException | RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException("the demo's S3 server did not start", e);
        }
        return new DemoS3(server);
    }

    String url() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** The keys of all complete objects. */
    List<String> keys() {
        return client.listObjectsV2Paginator(request -> request.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    /** An object's bytes; the caller closes the stream. */
    ResponseInputStream<GetObjectResponse> open(String key) {
        return client.getObject(request -> request.bucket(BUCKET).key(key));
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
