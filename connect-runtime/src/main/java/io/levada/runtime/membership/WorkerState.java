/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a worker tells its group of itself when it joins, byte for byte as Kafka Connect does:
 *
 * <pre>
 * version       int16
 * url           string, int16 length and UTF-8: of its REST API
 * configOffset  int64, the offset after the last record of the config topic that it has read; -1 for none
 * allocation    bytes, int32 length: an {@link Agreement}, of which the assignment is what it runs; -1 for null. Not in version 0.
 * </pre>
 *
 * For example {@code 0002 0012 "http://10.0.0.1:83" 0000000000000007 ffffffff}: version 2, seven records read, nothing assigned yet.
 *
 * @param configOffset of the last record read, -1 for none: one less than on the wire
 * @param allocation what it was last told to run, less what it has given up; null if there is none
 */
record WorkerState(String url, long configOffset, @Nullable Agreement allocation) {
    ByteBuffer bytes(GroupProtocol protocol) {
        WireWriter out = new WireWriter();
        out.int16(protocol.version());
        out.string(url);
        out.int64(WireWriter.nextOffset(configOffset));
        if (protocol != GroupProtocol.EAGER) {
            out.bytes(allocation == null ? null : allocation.bytes(protocol));
        }
        return out.written();
    }

    /** Fails with an {@link IllegalArgumentException} for bytes that are no such state. */
    static WorkerState parse(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes);
        short version = in.version();
        String url = in.string();
        long configOffset = in.lastOffset();
        ByteBuffer allocation = version == 0 ? null : in.bytes();
        return new WorkerState(url, configOffset, allocation == null ? null : Agreement.parse(allocation));
    }
}
