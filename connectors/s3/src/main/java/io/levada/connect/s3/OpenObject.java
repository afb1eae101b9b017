/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.s3;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/**
 * An object that still grows. Lines go into memory, which never fails; {@link #send()} and {@link #finish()} send them, and
 * may be called again after they failed. Up to one part is held in memory. A small object is one request, a larger one an
 * upload in parts: either way nobody sees it before it is whole.
 */
final class OpenObject {
    private final ObjectStore store;
    private final String name;
    private final int partSizeBytes;
    private final ByteArrayBuffer unsent = new ByteArrayBuffer();
    private final OutputStream lines;
    private final List<CompletedPart> parts = new ArrayList<>();
    private @Nullable String uploadId;
    private boolean sealed;

    OpenObject(ObjectStore store, String name, int partSizeBytes, FormatOptions format) {
        this.store = store;
        this.name = name;
        this.partSizeBytes = partSizeBytes;
        this.lines = format.compression() == FormatOptions.Compression.GZIP
                ? gzip(unsent, format.compressionLevel())
                : unsent;
    }

    void append(byte[] line) {
        try {
            lines.write(line);
            lines.write('\n');
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
    }

    /** Sends a part if there is enough for one. */
    void send() {
        if (unsent.size() >= partSizeBytes) {
            sendPart();
        }
    }

    /** Makes the object whole and visible. */
    void finish() {
        seal();
        if (uploadId == null && parts.isEmpty()) {
            store.put(name, unsent);
            return;
        }
        if (unsent.size() > 0) {
            sendPart();
        }
        store.complete(name, begun(), parts);
    }

    /** Forgets the object; what was sent of it is removed. */
    void abort() {
        if (uploadId != null) {
            store.abort(name, uploadId);
            uploadId = null;
        }
    }

    String name() {
        return name;
    }

    /** Bytes of it that are in memory. */
    int heldBytes() {
        return unsent.size();
    }

    private void sendPart() {
        parts.add(store.putPart(name, begun(), parts.size() + 1, unsent));
        unsent.reset();
    }

    private String begun() {
        if (uploadId == null) {
            uploadId = store.begin(name);
        }
        return uploadId;
    }

    private void seal() {
        if (sealed) {
            return;
        }
        try {
            lines.close();
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
        sealed = true;
    }

    /** No time and no name in the header, so that the same lines are the same bytes. */
    private static OutputStream gzip(OutputStream target, int level) {
        try {
            return new LeveledGzip(target, level);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail to be written", e);
        }
    }

    private static final class LeveledGzip extends GZIPOutputStream {
        LeveledGzip(OutputStream target, int level) throws IOException {
            super(target, 8 * 1024);
            def.setLevel(level < 0 ? Deflater.DEFAULT_COMPRESSION : level);
        }
    }
}
