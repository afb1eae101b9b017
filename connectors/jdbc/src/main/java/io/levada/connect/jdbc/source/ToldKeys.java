/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.source;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of one relation that were told and not taken back, kept in the connector's offsets: those told last in the relation's own
 * offset, beside its place, and the others in chunks of which each has an offset of its own. Records carry these offsets, so that with
 * exactly-once delivery a key is stored in the transaction that tells it, and removed in that of its tombstone. Owned by the task's
 * thread.
 *
 * <pre>
 * {"protocol":"1","table":"public.orders"}             {"incrementing":42,"form":"id:INT","keys":"eAFj...","step":0}
 * {"keys":"0","protocol":"1","table":"public.orders"}  {"form":"id:INT","keys":"eAFj..."}
 * {"keys":"1","protocol":"1","table":"public.orders"}  {"form":"id:INT","keys":"eAFj...","step":1,"incrementing":43,"after":"{incrementing=42}"}
 * </pre>
 *
 * <p>A record has one offset only. Where a single row fills a chunk, its record carries the chunk, which then has the place, too: the
 * place of the highest step counts, until the relation's own offset has the same step, or another place than the one that the chunk was after.
 *
 * <p>In memory each key takes some 30 bytes for its digest, and what it takes in its chunk.
 */
public final class ToldKeys {

    /** A chunk is full with so many bytes of keys, before they are compressed. */
    static final int CHUNK_BYTES = 32 * 1024;

    static final String KEYS = "keys";
    static final String FORM = "form";
    static final String STEP = "step";

    /** Of a chunk with a place: that of the relation's own offset. If somebody sets that, it is that which counts. */
    static final String AFTER = "after";

    /** So many chunks are asked for at once. */
    private static final int LOOKUP = 64;

    private static final Logger LOGGER = LoggerFactory.getLogger(ToldKeys.class);

    private final Relation relation;
    private final int keysMax;
    private final int chunkBytes;
    private final RowDigest digest = new RowDigest();
    private final DigestSet digests = new DigestSet();
    private final List<Chunk> chunks = new ArrayList<>();
    private final Deque<byte[]> open = new ArrayDeque<>();
    private JdbcOffset place = JdbcOffset.NONE;
    private @Nullable String form;
    private @Nullable Schema schema;
    private int openBytes;
    private long step;

    /** The place in the relation's own offset. */
    private JdbcOffset ownPlace = JdbcOffset.NONE;

    /** The chunk that has a later place than the relation's own offset; -1 for none. */
    private int ahead = -1;

    /** The chunk that is next to be asked for keys that are gone. */
    private int nextGone;

    /** What a record carries. */
    record Stored(Map<String, String> partition, @Nullable Map<String, ?> offset) {}

    /** A key that is not there any more, and what its tombstone carries. */
    record Gone(Struct key, Stored stored) {}

    private record Chunk(String keys, int bytes) {}

    private ToldKeys(Relation relation, int keysMax, int chunkBytes) {
        this.relation = relation;
        this.keysMax = keysMax;
        this.chunkBytes = chunkBytes;
    }

    /**
     * Reads what is stored. Blocks.
     *
     * @param found the relation's own offset, as far as it tells a place
     * @throws ConnectException if that is no offset of ours
     */
    public static ToldKeys load(Relation relation, OffsetStorageReader reader, JdbcOffset found, int keysMax) {
        return load(relation, reader, found, keysMax, CHUNK_BYTES);
    }

    static ToldKeys load(Relation relation, OffsetStorageReader reader, JdbcOffset found, int keysMax, int chunkBytes) {
        ToldKeys told = new ToldKeys(relation, keysMax, chunkBytes);
        told.load(reader, found);
        return told;
    }

    private void load(OffsetStorageReader reader, JdbcOffset found) {
        Map<String, Object> own = reader.offset(relation.partition());
        boolean known = own != null && own.get(KEYS) != null;
        if (known) {
            place = found;
            step = number(own.get(STEP));
        } else if (!found.equals(JdbcOffset.NONE)) {
            LOGGER.atWarn()
                    .addKeyValue("relation", relation)
                    .log("is read from the beginning once more, since which keys were told until now is not known");
        }
        String after = text(found);
        ownPlace = place;
        List<Map<String, Object>> stored = chunks(reader);
        for (int i = 0; i < stored.size(); i++) {
            Map<String, Object> chunk = stored.get(i);
            if (number(chunk.get(STEP)) > step) {
                step = number(chunk.get(STEP)); // whatever is stored next is later
                if (known && after.equals(chunk.get(AFTER))) {
                    ahead = i;
                    place = JdbcOffset.of(chunk);
                }
            }
            List<byte[]> keys = keys(chunk);
            keys.forEach(key -> digests.add(digest.of(key)));
            chunks.add(new Chunk(
                    String.valueOf(chunk.get(KEYS)),
                    keys.stream().mapToInt(key -> key.length).sum()));
        }
        if (known && ahead < 0) {
            for (byte[] key : keys(own)) {
                if (!digests.contains(digest.of(key))) { // a chunk may have it, whose place does not count
                    keep(key);
                }
            }
        }
    }

    private List<Map<String, Object>> chunks(OffsetStorageReader reader) {
        List<Map<String, Object>> found = new ArrayList<>();
        while (true) {
            List<Map<String, String>> asked = IntStream.range(found.size(), found.size() + LOOKUP)
                    .mapToObj(this::partition)
                    .toList();
            Map<Map<String, String>, Map<String, Object>> stored = reader.offsets(asked);
            for (Map<String, String> each : asked) {
                Map<String, Object> chunk = stored.get(each);
                if (chunk == null) {
                    return found;
                }
                found.add(chunk);
            }
        }
    }

    private List<byte[]> keys(Map<String, Object> stored) {
        String of = String.valueOf(stored.get(FORM));
        requireForm(of);
        return KeyBytes.unpack(String.valueOf(stored.get(KEYS)), fields(of));
    }

    private static String text(JdbcOffset place) {
        return new TreeMap<>(place.toMap()).toString();
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? number.longValue() : 0;
    }

    /**
     * Checks the offset of a chunk that an operator wants to set.
     *
     * @throws ConnectException if it is none
     */
    static void check(Map<String, ?> chunk) {
        if (!(chunk.get(FORM) instanceof String of) || !(chunk.get(KEYS) instanceof String packed)) {
            throw new ConnectException(
                    "the offset " + chunk + " has keys that were told, and no text for " + FORM + " and " + KEYS);
        }
        List<byte[]> unused = KeyBytes.unpack(packed, fields(of));
    }

    private static int fields(String of) {
        return of.split(",", -1).length;
    }

    /** Where reading goes on. */
    public JdbcOffset place() {
        return place;
    }

    /**
     * Says what keys are like from now on.
     *
     * @param moments see {@link RecordKey#moments}
     * @throws ConnectException if there are none, or those that were told were of another form
     */
    void begin(@Nullable Schema keys, Map<String, String> moments) {
        requireForm(requireKey(relation, keys, moments));
        schema = keys;
    }

    /**
     * The form of keys.
     *
     * @throws ConnectException if there are none, or none that can be compared
     */
    static String requireKey(Relation relation, @Nullable Schema keys, Map<String, String> moments) {
        if (keys == null) {
            throw new ConnectException(relation + " has no primary key, and " + DeleteOptions.DETECT
                    + "=keys needs keys in the records; name columns by record.key=columns, or leave the table out");
        }
        return KeyBytes.form(keys, moments);
    }

    private void requireForm(String now) {
        if (form != null && !form.equals(now)) {
            throw new ConnectException("the keys of " + relation + " were " + form + " when they were told, and are "
                    + now + " now, so that deleted rows cannot be found by them: go back to what it was, or reset the"
                    + " connector's offsets, which reads everything once more");
        }
        form = now;
    }

    /**
     * Notes rows that are about to be handed over, in their order.
     *
     * @param places where reading goes on after each of them
     * @return what their records carry
     * @throws ConnectException if there are too many keys
     */
    List<Stored> tell(List<@Nullable Struct> keys, List<JdbcOffset> places) {
        for (Struct key : keys) {
            byte[] bytes = KeyBytes.of(Objects.requireNonNull(key));
            if (!digests.contains(digest.of(bytes))) {
                keep(bytes);
            }
        }
        if (digests.size() > keysMax) {
            throw new ConnectException(
                    "more than " + keysMax + " keys of " + relation + " were told and have rows still;"
                            + " raise " + DeleteOptions.KEYS_MAX + ", if the task's memory allows it, or set "
                            + DeleteOptions.DETECT + "=none");
        }
        boolean isAhead = keys.size() == 1 && openBytes >= chunkBytes && !ownPlace.equals(JdbcOffset.NONE);
        return isAhead ? List.of(sealAhead(places.get(0))) : carried(places);
    }

    private void keep(byte[] key) {
        digests.add(digest.of(key));
        open.add(key);
        openBytes += key.length;
    }

    private Stored sealAhead(JdbcOffset at) {
        place = at;
        ahead = chunks.size();
        step++;
        return seal(Integer.MAX_VALUE); // none is left to the relation's own offset, which stays as it is
    }

    /** The first records carry the chunks that are full, the others the relation's own offset. */
    private List<Stored> carried(List<JdbcOffset> places) {
        List<Stored> carried = new ArrayList<>();
        while (openBytes >= chunkBytes && carried.size() < places.size() - 1) {
            carried.add(seal(chunkBytes));
        }
        ahead = -1;
        place = places.get(places.size() - 1);
        ownPlace = place;
        String keys = KeyBytes.pack(open);
        for (JdbcOffset each : places.subList(carried.size(), places.size())) {
            carried.add(new Stored(relation.partition(), own(each, keys)));
        }
        return carried;
    }

    /** Moves the oldest keys, of so many bytes or all, into a chunk that has room, or a new one. */
    private Stored seal(int atLeast) {
        List<byte[]> keys = new ArrayList<>();
        int bytes = 0;
        while (!open.isEmpty() && bytes < atLeast) {
            byte[] key = open.remove();
            bytes += key.length;
            keys.add(key);
        }
        openBytes -= bytes;
        int index = ahead == chunks.size() ? ahead : withRoom(bytes);
        if (index == chunks.size()) {
            chunks.add(new Chunk(KeyBytes.pack(keys), bytes));
        } else {
            keys.addAll(0, KeyBytes.unpack(chunks.get(index).keys(), fields()));
            chunks.set(index, new Chunk(KeyBytes.pack(keys), chunks.get(index).bytes() + bytes));
        }
        return chunk(index);
    }

    /** Chunks get empty as rows are deleted. */
    private int withRoom(int bytes) {
        for (int i = 0; i < chunks.size(); i++) {
            if (chunks.get(i).bytes() + bytes <= chunkBytes + chunkBytes / 2) {
                return i;
            }
        }
        return chunks.size();
    }

    private Stored chunk(int index) {
        Map<String, Object> offset = new HashMap<>();
        if (index == ahead) {
            offset.putAll(place.toMap());
            offset.put(STEP, step);
            offset.put(AFTER, text(ownPlace));
        }
        offset.put(FORM, String.valueOf(form));
        offset.put(KEYS, chunks.get(index).keys());
        return new Stored(partition(index), offset);
    }

    private Map<String, String> partition(int index) {
        return SourcePartition.ofKeys(relation.partition(), index);
    }

    private Map<String, Object> own(JdbcOffset at, String keys) {
        Map<String, Object> offset = new LinkedHashMap<>(at.toMap());
        offset.put(FORM, String.valueOf(form));
        offset.put(KEYS, keys);
        offset.put(STEP, step);
        return offset;
    }

    /** Begins a look at which keys are there. */
    void beginLook() {
        digests.clearSeen();
        nextGone = 0;
    }

    /** Notes a key that is there. */
    void see(Struct key) {
        digests.see(digest.of(KeyBytes.of(key)));
    }

    /**
     * Takes keys back that were not seen in the look.
     *
     * @param max most keys at once
     * @return fewer than {@code max} if there are no more
     */
    List<Gone> takeGone(int max) {
        List<Gone> gone = new ArrayList<>();
        while (nextGone <= chunks.size() && gone.size() < max) {
            boolean through =
                    nextGone < chunks.size() ? takeGoneOfChunk(nextGone, max, gone) : takeGoneOfOpen(max, gone);
            nextGone += through ? 1 : 0;
        }
        return gone;
    }

    private boolean takeGoneOfChunk(int index, int max, List<Gone> gone) {
        Stored before = chunk(index);
        List<byte[]> left = new ArrayList<>();
        List<byte[]> taken = new ArrayList<>();
        boolean through = part(KeyBytes.unpack(chunks.get(index).keys(), fields()), max - gone.size(), taken, left);
        if (!taken.isEmpty()) {
            chunks.set(
                    index,
                    new Chunk(
                            KeyBytes.pack(left),
                            left.stream().mapToInt(key -> key.length).sum()));
            add(gone, taken, before, chunk(index));
        }
        return through;
    }

    private boolean takeGoneOfOpen(int max, List<Gone> gone) {
        List<byte[]> left = new ArrayList<>();
        List<byte[]> taken = new ArrayList<>();
        boolean through = part(open, max - gone.size(), taken, left);
        if (!taken.isEmpty()) {
            Stored before = new Stored(relation.partition(), own(place, KeyBytes.pack(open)));
            open.clear();
            open.addAll(left);
            openBytes = left.stream().mapToInt(key -> key.length).sum();
            ahead = -1;
            ownPlace = place;
            add(gone, taken, before, new Stored(relation.partition(), own(place, KeyBytes.pack(open))));
        }
        return through;
    }

    /** Parts the keys into those that are gone, as many as there is room for, and those that are left; false if it was too little. */
    private boolean part(Iterable<byte[]> keys, int room, List<byte[]> taken, List<byte[]> left) {
        boolean through = true;
        for (byte[] key : keys) {
            RowDigest.Value of = digest.of(key);
            if (digests.isSeen(of)) {
                left.add(key);
            } else if (taken.size() < room) {
                taken.add(key);
                digests.remove(of);
            } else {
                left.add(key);
                through = false;
            }
        }
        return through;
    }

    /** Only the last may say that all of them are told: a worker may commit some of them and not the others. */
    private void add(List<Gone> gone, List<byte[]> taken, Stored before, Stored after) {
        for (int i = 0; i < taken.size(); i++) {
            gone.add(new Gone(KeyBytes.read(taken.get(i), schema()), i == taken.size() - 1 ? after : before));
        }
    }

    private int fields() {
        return schema().fields().size();
    }

    private Schema schema() {
        if (schema == null) {
            throw new IllegalStateException("nobody has said what keys are like");
        }
        return schema;
    }
}
