/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import io.levada.runtime.assign.Share;
import java.nio.ByteBuffer;

/**
 * What the leader of a group tells one member, byte for byte as Kafka Connect does:
 *
 * <pre>
 * version       int16
 * error         int16: 0, or 1 if the leader knows less of the config topic than another member
 * leader        string, its member id
 * leaderUrl     string, of its REST API
 * configOffset  int64, the offset after the last record of the config topic that the leader has read
 * assignment    array, int32 count, of { connector string, tasks array of int32 }, where task -1 is the connector itself
 * revoked       array of the same; -1 for null. Not in version 0, nor is what follows.
 * delay         int32, milliseconds after which to join anew; 0 for none
 * </pre>
 *
 * @param configOffset of the last record read, -1 for none: one less than on the wire
 * @param assigned in version 0 all that the member is to run, else what it is to run besides what it keeps
 * @param revoked what it is to stop, before it joins anew
 */
record Agreement(
        short error, String leader, String leaderUrl, long configOffset, Share assigned, Share revoked, int delayMs) {
    static final short NO_ERROR = 0;
    static final short LEADER_IS_BEHIND = 1;

    /** The same, of what its member runs. */
    Agreement running(Share share) {
        return new Agreement(error, leader, leaderUrl, configOffset, share, Share.NONE, delayMs);
    }

    ByteBuffer bytes(GroupProtocol protocol) {
        WireWriter out = new WireWriter();
        out.int16(protocol.version());
        out.int16(error);
        out.string(leader);
        out.string(leaderUrl);
        out.int64(WireWriter.nextOffset(configOffset));
        out.share(assigned);
        if (protocol != GroupProtocol.EAGER) {
            out.share(revoked);
            out.int32(delayMs);
        }
        return out.written();
    }

    /** Fails with an {@link IllegalArgumentException} for bytes that are no such assignment. */
    static Agreement parse(ByteBuffer bytes) {
        WireReader in = new WireReader(bytes);
        short version = in.version();
        return new Agreement(
                in.int16(),
                in.string(),
                in.string(),
                in.lastOffset(),
                in.share(),
                version == 0 ? Share.NONE : in.share(),
                version == 0 ? 0 : in.int32());
    }
}
