/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;

/**
 * What a worker tells the group of itself when it joins: two bytes of a version (0), one that is 1 if it runs the connectors already, the
 * rest its address in UTF-8.
 *
 * @param workerId its address, {@code host:port}
 * @param holds whether it runs the connectors
 */
record Presence(String workerId, boolean holds) {
    private static final short VERSION = 0;

    byte[] bytes() {
        byte[] address = workerId.getBytes(UTF_8);
        return ByteBuffer.allocate(3 + address.length)
                .putShort(VERSION)
                .put((byte) (holds ? 1 : 0))
                .put(address)
                .array();
    }

    static Presence parse(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        if (buffer.remaining() < 3 || buffer.getShort() != VERSION) {
            throw new IllegalArgumentException(
                    "A member of the group told of itself what this version does not understand");
        }
        boolean holds = buffer.get() == 1;
        return new Presence(UTF_8.decode(buffer).toString(), holds);
    }
}
