/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.util.List;
import org.apache.kafka.connect.errors.ConnectException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedMultipartUpload;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * One bucket. Every call is a request that is answered before it returns; an object appears whole, or not at all.
 *
 * <p>Failures are a {@link org.apache.kafka.connect.errors.RetriableException} where the world may get better, and a
 * {@link ConnectException} that says what to do where it will not: see {@link StoreFailure}.
 */
final class ObjectStore implements AutoCloseable {
    private final S3Client client;
    private final String bucket;
    private final String contentType;
    private final StoreFailure failure;
    private final Leftovers leftovers = new Leftovers(this);

    ObjectStore(S3Client client, StoreOptions options, String contentType) {
        this.client = client;
        this.bucket = options.bucket();
        this.contentType = contentType;
        this.failure = new StoreFailure(options);
    }

    /**
     * Fails if the bucket is not there. A bucket that may be written but not looked at passes.
     *
     * @throws ConnectException in any other case, since a task that cannot start is restarted, not retried
     */
    void checkBucket() {
        try {
            client.headBucket(request -> request.bucket(bucket));
        } catch (S3Exception e) {
            if (e.statusCode() != 403) {
                throw failure.atStart(e);
            }
        } catch (SdkException e) {
            throw failure.atStart(e);
        }
    }

    void put(String name, ByteArrayBuffer content) {
        try {
            client.putObject(request -> request.bucket(bucket).key(name).contentType(contentType), body(content));
        } catch (SdkException e) {
            throw failure.of("write object " + name, e);
        }
    }

    /**
     * Begins an object of several parts, and gives the upload's id. An upload of the same name that was never ended is of a
     * task that was killed: it is invisible, but stored and paid for, and so removed.
     */
    String begin(String name) {
        leftovers.remove(name);
        try {
            return client.createMultipartUpload(
                            request -> request.bucket(bucket).key(name).contentType(contentType))
                    .uploadId();
        } catch (SdkException e) {
            throw failure.of("begin object " + name, e);
        }
    }

    CompletedPart putPart(String name, String uploadId, int number, ByteArrayBuffer content) {
        try {
            String tag = client.uploadPart(
                            request -> request.bucket(bucket)
                                    .key(name)
                                    .uploadId(uploadId)
                                    .partNumber(number),
                            body(content))
                    .eTag();
            return CompletedPart.builder().partNumber(number).eTag(tag).build();
        } catch (SdkException e) {
            throw failure.of("write part " + number + " of object " + name, e);
        }
    }

    void complete(String name, String uploadId, List<CompletedPart> parts) {
        CompletedMultipartUpload all =
                CompletedMultipartUpload.builder().parts(parts).build();
        try {
            client.completeMultipartUpload(request ->
                    request.bucket(bucket).key(name).uploadId(uploadId).multipartUpload(all));
        } catch (SdkException e) {
            throw failure.of("complete object " + name, e);
        }
    }

    void abort(String name, String uploadId) {
        try {
            client.abortMultipartUpload(
                    request -> request.bucket(bucket).key(name).uploadId(uploadId));
        } catch (SdkException e) {
            throw failure.of("abort object " + name, e);
        }
    }

    /** Uploads that were begun and never ended, of objects whose names start with {@code prefix}; the first 1000. */
    List<MultipartUpload> unfinished(String prefix) {
        try {
            return client.listMultipartUploads(request -> request.bucket(bucket).prefix(prefix))
                    .uploads();
        } catch (SdkException e) {
            throw failure.of("list unfinished uploads under " + prefix, e);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private RequestBody body(ByteArrayBuffer content) {
        return RequestBody.fromContentProvider(content::read, content.size(), contentType);
    }
}
