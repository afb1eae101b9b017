/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.membership;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one worker of a group that runs the connectors, as the group's leader tells all members: two bytes of the length of its member id,
 * the id and the worker's address in UTF-8.
 */
record Holder(String memberId, String workerId) {
    /** Who runs the connectors already goes on; if nobody does it is the leader. */
    static Holder elect(String leader, Map<String, Presence> members) {
        String holder = new TreeMap<>(members)
                .entrySet().stream()
                        .filter(member -> member.getValue().holds())
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(leader);
        Presence presence = members.get(holder);
        return new Holder(holder, presence == null ? "" : presence.workerId());
    }

    ByteBuffer bytes() {
        byte[] id = memberId.getBytes(UTF_8);
        byte[] address = workerId.getBytes(UTF_8);
        return ByteBuffer.allocate(2 + id.length + address.length)
                .putShort((short) id.length)
                .put(id)
                .put(address)
                .flip();
    }

    static Holder parse(ByteBuffer bytes) {
        ByteBuffer buffer = bytes.slice();
        byte[] id = new byte[buffer.getShort()];
        buffer.get(id);
        return new Holder(new String(id, UTF_8), UTF_8.decode(buffer).toString());
    }
}
