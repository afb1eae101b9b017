/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Reads each object of the bucket once. Objects are known by the names that the sink gives, {@code topic+partition+offset.json}: while
 * one is being written, some servers list it under another name beside it, which is gone a moment later and would have its changes
 * counted twice.
 */
final class S3Changes implements Place {

    private static final Pattern FINISHED = Pattern.compile("(.*/)?[^/]+\\+\\d+\\+\\d+\\.json");

    private final S3Client client;
    private final String bucket;
    private final Set<String> read = new HashSet<>();
    private final ArrivedChanges changes = new ArrivedChanges();

    S3Changes(S3Client client, String bucket) {
        this.client = client;
        this.bucket = bucket;
    }

    @Override
    public String name() {
        return "S3";
    }

    @Override
    public void look() {
        for (String key : keys()) {
            if (!read.contains(key)) {
                content(key).ifPresent(lines -> take(key, lines));
            }
        }
    }

    private List<String> keys() {
        return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
                .map(S3Object::key)
                .filter(key -> FINISHED.matcher(key).matches())
                .toList();
    }

    /** The whole object, or nothing if it is gone since it was listed: it is read later, should it come back. */
    private Optional<byte[]> content(String key) {
        try {
            return Optional.of(
                    client.getObjectAsBytes(request -> request.bucket(bucket).key(key))
                            .asByteArrayUnsafe());
        } catch (NoSuchKeyException gone) {
            return Optional.empty();
        }
    }

    private void take(String key, byte[] lines) {
        read.add(key);
        int start = 0;
        for (int i = 0; i < lines.length; i++) {
            if (lines[i] == '\n') {
                changes.add(Arrays.copyOfRange(lines, start, i));
                start = i + 1;
            }
        }
        if (start < lines.length) {
            changes.add(Arrays.copyOfRange(lines, start, lines.length));
        }
    }

    @Override
    public ArrivedChanges changes() {
        return changes;
    }

    int objects() {
        return read.size();
    }

    @Override
    public void close() {}
}
