/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

final class S3ChangesTest {

    private static final String OBJECT = "topics/shop.public.orders/partition=0/shop.public.orders+0+0000000000.json";
    private static final String BEING_WRITTEN = OBJECT + "-0c2f9b1e-53a5-4a4e-9d4f-8a3b0f6f7a11";

    private final Bucket bucket = new Bucket();
    private final S3Changes changes = new S3Changes(bucket, "orders");

    @Test
    void anObjectThatIsBeingWrittenUnderAnotherNameIsNotRead() {
        bucket.objects.put(
                BEING_WRITTEN, "{\"op\":\"c\",\"after\":{\"change\":1}}\n{\"op\":\"c\",\"after\":{\"change\":2}}\n");
        changes.look();
        assertThat(changes.changes().total()).isZero();

        bucket.objects.put(OBJECT, bucket.objects.remove(BEING_WRITTEN));
        changes.look();
        changes.look();
        assertThat(changes.changes().total()).isEqualTo(2);
        assertThat(changes.changes().repeated()).isZero();
        assertThat(changes.objects()).isEqualTo(1);
    }

    @Test
    void anObjectThatIsGoneWhenItIsReadIsReadLater() {
        bucket.listedOnly.add(OBJECT);
        changes.look();
        assertThat(changes.objects()).isZero();

        bucket.listedOnly.clear();
        bucket.objects.put(OBJECT, "{\"op\":\"c\",\"after\":{\"change\":1}}");
        changes.look();
        assertThat(changes.changes().total()).isEqualTo(1);
    }

    /** As much of S3 as a reader sees. */
    private static final class Bucket implements S3Client {
        private final Map<String, String> objects = new TreeMap<>();
        private final List<String> listedOnly = new ArrayList<>();

        @Override
        public ListObjectsV2Response listObjectsV2(ListObjectsV2Request request) {
            List<String> keys = new ArrayList<>(objects.keySet());
            keys.addAll(listedOnly);
            return ListObjectsV2Response.builder()
                    .contents(keys.stream()
                            .map(key -> S3Object.builder().key(key).build())
                            .toList())
                    .isTruncated(false)
                    .build();
        }

        @Override
        public <T> T getObject(GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
            String content = objects.get(request.key());
            if (content == null) {
                throw NoSuchKeyException.builder()
                        .message("no " + request.key())
                        .build();
            }
            try {
                return transformer.transform(
                        GetObjectResponse.builder().build(),
                        AbortableInputStream.create(
                                new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8))));
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public String serviceName() {
            return "s3";
        }

        @Override
        public void close() {}
    }
}
