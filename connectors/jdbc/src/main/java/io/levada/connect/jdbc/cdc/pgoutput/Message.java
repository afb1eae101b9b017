/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.cdc.pgoutput;

import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the server sends, one at a time. Positions in its log (LSN) are unsigned 64-bit numbers; times are microseconds since 1970. */
public sealed interface Message {

    /**
     * The start of a transaction; all up to {@link Commit} belongs to it.
     *
     * @param finalLsn where its commit record begins
     * @param xid unsigned
     */
    record Begin(long finalLsn, long commitTimeMicros, long xid) implements Message {}

    /**
     * The end of a transaction.
     *
     * @param endLsn just after its commit record: the place from which a stream goes on behind it
     */
    record Commit(long commitLsn, long endLsn, long commitTimeMicros) implements Message {}

    /** The transaction was replicated to this server from another. */
    record Origin(long originLsn, String name) implements Message {}

    /**
     * A table as following rows are written; sent before its first row and after each change of it.
     *
     * @param identity replica identity as {@code pg_class.relreplident}: d, n, f or i
     */
    record Relation(int oid, String schema, String name, char identity, List<Column> columns) implements Message {
        /**
         * One column.
         *
         * @param ofIdentity part of the replica identity
         */
        public record Column(String name, int typeOid, int typmod, boolean ofIdentity) {}
    }

    /** A new row. */
    record Insert(int relation, Tuple row) implements Message {}

    /**
     * A changed row.
     *
     * @param before the columns of the replica identity, if one of them changed, or the whole old row with identity full; or null
     * @param whole true if {@code before} is the whole row
     */
    record Update(int relation, @Nullable Tuple before, boolean whole, Tuple after) implements Message {}

    /**
     * A row that is gone.
     *
     * @param whole true if {@code before} is the whole row, not only its replica identity
     */
    record Delete(int relation, Tuple before, boolean whole) implements Message {}

    /** Tables emptied by one statement. */
    record Truncate(List<Integer> relations) implements Message {}

    /** {@code pg_logical_emit_message}; one that is not transactional may come between the changes of any transaction. */
    record Logical(boolean transactional, long lsn, String prefix, ByteBuffer content) implements Message {}

    /**
     * A block of changes of a transaction that is still in progress; all up to {@link StreamStop} belongs to it, each with the number
     * of its subtransaction in front. Only with {@code streaming=on}, as all that follow.
     *
     * @param xid of the whole transaction, unsigned
     * @param first there was no block of this transaction before
     */
    record StreamStart(long xid, boolean first) implements Message {}

    /** The end of a block; further ones may follow. */
    record StreamStop() implements Message {}

    /** A transaction that came in blocks is committed: the same as {@link Commit} tells of others. */
    record StreamCommit(long xid, long commitLsn, long endLsn, long commitTimeMicros) implements Message {}

    /**
     * A transaction that came in blocks, or a part of it, was rolled back.
     *
     * @param subXid the subtransaction, whose own ones are named apart; {@code xid} itself if all was rolled back
     */
    record StreamAbort(long xid, long subXid) implements Message {}

    /** What needs nothing to be done, such as the name of a type. */
    record Ignored(char type) implements Message {}
}
