/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task.source;

import io.levada.runtime.connector.TaskId;
import io.levada.runtime.metrics.TaskMeter;
import io.levada.runtime.offsets.ConnectorOffsets;
import io.levada.runtime.task.errors.Failure;
import io.levada.runtime.task.errors.Stage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.InvalidTxnTimeoutException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TransactionAbortedException;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.TransactionContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every record arrives exactly once for readers of committed records: it is written in one transaction with its offset (KIP-618). The
 * plugin hears of records and commits after the transaction.
 *
 * <p>Guarded, as the task may be ended by another thread while its own is in {@code poll()}.
 */
final class Transactional implements Delivery {
    private static final Logger LOGGER = LoggerFactory.getLogger(Transactional.class);

    private final TaskId id;
    private final SourceRecords records;
    private final RecordSender sender;
    private final Transaction transaction;
    private final Boundary boundary;
    private final PluginNotes notes;
    private final Heard heard;
    private final Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> offsets = new LinkedHashMap<>();
    private final List<Sent> sent = new ArrayList<>();
    private final Set<String> topics = new LinkedHashSet<>();
    private boolean failed;
    private boolean worked;
    /** Records were taken back that the next life of the task polls again: nothing behind them may be committed in this one. */
    private boolean takenBack;

    /** Why the brokers took a record of the open transaction for none of it; the first counts. */
    private volatile @Nullable KafkaException refusal;

    private volatile boolean cancelled;

    /** The producer with a transactional id, where the offsets go in its transactions, and what keeps earlier tasks from committing. */
    static final class Transaction {
        private final Producer<byte[], byte[]> producer;
        private final RecordLimit limit;
        private final ConnectorOffsets store;
        private final Runnable fencing;
        private final Runnable check;
        private boolean open;

        /**
         * @param limit what the producer takes
         * @param fencing called before the first transaction; may block, and throw ConnectException
         * @param check called once the transactional id is the task's; as above
         */
        Transaction(
                Producer<byte[], byte[]> producer,
                RecordLimit limit,
                ConnectorOffsets store,
                Runnable fencing,
                Runnable check) {
            this.producer = producer;
            this.limit = limit;
            this.store = store;
            this.fencing = fencing;
            this.check = check;
        }

        private void begin() {
            if (!open) {
                producer.beginTransaction();
                open = true;
            }
        }

        private void commit(Map<@Nullable Map<String, ?>, @Nullable Map<String, ?>> offsets) {
            begin();
            for (ProducerRecord<byte[], byte[]> record : store.records(offsets)) {
                var unused = producer.send(inPartitionOfKey(record)); // The commit tells what became of it.
            }
            producer.commitTransaction();
            open = false;
            store.committed(offsets);
        }

        /**
         * As Kafka's producers place keys, and others read and write offsets, whatever the connector has its own records placed by: which
         * of two offsets is the newer is known within one partition only.
         */
        private ProducerRecord<byte[], byte[]> inPartitionOfKey(ProducerRecord<byte[], byte[]> record) {
            int partitions = producer.partitionsFor(record.topic()).size();
            return new ProducerRecord<>(
                    record.topic(),
                    BuiltInPartitioner.partitionForKey(record.key(), partitions),
                    record.key(),
                    record.value());
        }

        private void abort() {
            if (open) {
                open = false;
                producer.abortTransaction();
            }
        }
    }

    /** Who hears of topics that hold records, once that records are committed, and of how many and how long it took. */
    record Heard(Consumer<String> topics, Runnable worked, TaskMeter meter) {}

    /** A record of the open transaction, and where it is. */
    private final class Sent implements Callback {
        private final SourceRecord polled;
        private volatile @Nullable RecordMetadata metadata;

        private Sent(SourceRecord polled) {
            this.polled = polled;
        }

        @Override
        public void onCompletion(@Nullable RecordMetadata where, @Nullable Exception refused) {
            metadata = refused == null ? where : null; // The producer itself refuses to commit then.
            // What we abort ourselves is refused, too.
            if (refused != null && !(refused instanceof TransactionAbortedException) && refusal == null) {
                refusal = refused instanceof KafkaException known ? known : new KafkaException(refused);
            }
        }
    }

    Transactional(
            TaskId id,
            SourceRecords records,
            RecordSender sender,
            Transaction transaction,
            Boundary boundary,
            PluginNotes notes,
            Heard heard) {
        this.id = id;
        this.records = records;
        this.sender = sender;
        this.transaction = transaction;
        this.boundary = boundary;
        this.notes = notes;
        this.heard = heard;
    }

    /** Ends what an earlier life of the task has open, so that its offsets are read as they will stay. */
    @Override
    public void prepare() {
        transaction.fencing.run();
        if (cancelled) {
            return; // Another life of the task may have begun meanwhile, and this one must not fence it.
        }
        try {
            transaction.producer.initTransactions();
        } catch (KafkaException e) {
            if (e instanceof InvalidTxnTimeoutException) {
                throw new ConnectException(
                        "Task " + id
                                + " cannot begin transactions: the brokers allow no transaction as long as its producer asks for, which"
                                + " is a minute, and transaction.boundary.interval.ms more. Set"
                                + " producer.override.transaction.timeout.ms to what their transaction.max.timeout.ms allows",
                        e);
            }
            throw explained("Task " + id + " cannot begin transactions", e);
        }
        transaction.check.run();
    }

    @Override
    public void begin() {
        boundary.begin();
        var unused = heard.meter.source().transactional();
    }

    @Override
    public @Nullable TransactionContext context() {
        return boundary.context();
    }

    @Override
    public boolean ready() {
        return true;
    }

    /** The producer keeps what went wrong and tells it at the commit, to which it may be long: nothing more of it will be committed. */
    @Override
    public void throwFailure() {
        KafkaException refused = refusal;
        if (refused != null) {
            throw explained("Task " + id + " cannot commit its transaction", refused);
        }
    }

    @Override
    public synchronized void send(List<SourceRecord> polled) throws InterruptedException {
        if (cancelled || takenBack) {
            return;
        }
        throwFailure();
        failed = true; // until all of it is handed over: what is left of a batch must not be committed
        for (SourceRecord record : polled) {
            Sent one = new Sent(record);
            if (!handed(record, one)) {
                failed = false; // Told to stop while it could not be sent: what was sent goes with its offsets.
                return;
            }
            sent.add(one);
            offsets.put(record.sourcePartition(), record.sourceOffset());
            carryOut(boundary.after(record));
        }
        carryOut(boundary.afterBatch());
        failed = false;
    }

    /** False if it cannot be sent now and the task was told to stop. */
    private boolean handed(SourceRecord record, Sent one) throws InterruptedException {
        ProducerRecord<byte[], byte[]> prepared = prepared(record);
        return prepared == null || hand(prepared, one);
    }

    /** Null if it is dropped. The producer has not seen a record that fails here, and is as it was. */
    private @Nullable ProducerRecord<byte[], byte[]> prepared(SourceRecord record) throws InterruptedException {
        try {
            return fitting(prepare(record), record);
        } catch (ConnectException e) {
            failed = !mayComeLater(record); // What precedes it is as good as it would be at least once.
            throw e;
        }
    }

    /** Whether all before a record may be committed without it: not if the task alone ends its transactions, nor if a restart would then not bring it again. */
    private boolean mayComeLater(SourceRecord record) {
        Map<String, ?> partition = record.sourcePartition();
        boolean hasOffsetOfOneBefore =
                offsets.containsKey(partition) && Objects.equals(offsets.get(partition), record.sourceOffset());
        return boundary.context() == null && !hasOffsetOfOneBefore;
    }

    /** The time of a transaction may be over although nothing comes. */
    @Override
    public synchronized void idle() throws InterruptedException {
        carryOut(boundary.afterBatch());
    }

    private @Nullable ProducerRecord<byte[], byte[]> prepare(SourceRecord polled) throws InterruptedException {
        try {
            return records.prepare(polled);
        } catch (InterruptedException e) {
            failed = false; // Told to stop while it waited to be tried again: as above.
            throw e;
        }
    }

    /** A record that the producer would refuse is dropped if that is tolerated, before the transaction is lost with it. */
    private @Nullable ProducerRecord<byte[], byte[]> fitting(
            @Nullable ProducerRecord<byte[], byte[]> prepared, SourceRecord polled) {
        RecordTooLargeException refusal = prepared == null ? null : transaction.limit.refusal(prepared);
        if (refusal == null) {
            return prepared;
        }
        var unused = records.policy()
                .tolerate(new Failure(
                        id, Stage.KAFKA_PRODUCE, "the producer", SourceRecords.where(polled), null, refusal, 1));
        return null;
    }

    private boolean hand(ProducerRecord<byte[], byte[]> prepared, Sent one) throws InterruptedException {
        if (prepared.topic().equals(transaction.store.topic())) {
            throw new ConnectException("Task " + id + " writes records to " + prepared.topic()
                    + ", which holds its offsets: with exactly-once delivery it would wait for itself");
        }
        try {
            transaction.begin();
        } catch (KafkaException e) {
            throw explained("Task " + id + " cannot begin a transaction", e);
        }
        boolean handed = sender.send(prepared, one);
        if (handed) {
            topics.add(prepared.topic());
        }
        return handed;
    }

    private void carryOut(Boundary.Verdict verdict) throws InterruptedException {
        switch (verdict) {
            case GO_ON -> {}
            case COMMIT -> {
                if (commit() && !worked) {
                    worked = true;
                    heard.worked.run();
                }
            }
            case ABORT -> {
                LOGGER.atInfo()
                        .addKeyValue("connector", id.connector())
                        .addKeyValue("task", id.task())
                        .addKeyValue("records", sent.size())
                        .log("transaction is aborted, as the task wants it; its offsets are committed");
                transaction.abort();
                topics.clear();
                sent.forEach(one -> one.metadata = null);
                boolean unused = commit();
            }
        }
    }

    /** Whether the task has given records since the last commit, and all is committed. */
    private boolean commit() throws InterruptedException {
        if (cancelled || takenBack || (!transaction.open && offsets.isEmpty())) {
            return false;
        }
        long startNanos = System.nanoTime();
        try {
            transaction.commit(offsets);
        } catch (KafkaException e) {
            heard.meter.committed(System.nanoTime() - startNanos, false);
            throw explained("Task " + id + " cannot commit its transaction", e);
        }
        heard.meter.committed(System.nanoTime() - startNanos, true);
        offsets.clear();
        topics.forEach(heard.topics);
        topics.clear();
        boolean some = !sent.isEmpty();
        measure();
        sent.forEach(one -> notes.record(one.polled, one.metadata));
        sent.clear();
        notes.committed();
        return some;
    }

    private void measure() {
        int arrived = (int) sent.stream().filter(one -> one.metadata != null).count();
        heard.meter.source().wrote(arrived);
        heard.meter.source().dropped(sent.size() - arrived);
        heard.meter.source().committedTransaction(arrived);
    }

    /**
     * An open transaction would time out if the pause is long, and the task be fenced when it goes on. One that only the task may end is
     * waited for: aborted here, its records would be missing, as the task believes that it has given them.
     */
    @Override
    public synchronized boolean pausing() throws InterruptedException {
        carryOut(boundary.atEnd());
        if (transaction.open && !cancelled) {
            return false;
        }
        boundary.begin();
        return true;
    }

    @Override
    public synchronized void finish() throws InterruptedException {
        try {
            if (!failed && !cancelled) {
                carryOut(boundary.atEnd());
            }
        } finally {
            abortWhatIsOpen(); // Readers of committed records would wait for its end.
        }
    }

    private void abortWhatIsOpen() {
        if (!cancelled) {
            takenBack |= transaction.open;
            try {
                transaction.abort();
            } catch (KafkaException | IllegalStateException e) { // the latter after a commit whose outcome is not known
                LOGGER.atDebug()
                        .addKeyValue("connector", id.connector())
                        .addKeyValue("task", id.task())
                        .addKeyValue("error", e.toString())
                        .log(
                                "the open transaction could not be aborted; the next life of the task does it, or the brokers in time");
            }
        }
    }

    private ConnectException explained(String what, KafkaException e) {
        boolean fenced = isFencing(e) || isFencing(e.getCause());
        return new ConnectException(
                what
                        + (fenced
                                ? ": another life of the task has begun and taken its place, or the transaction took longer than"
                                        + " producer.override.transaction.timeout.ms (" + e
                                        + "); with transaction.boundary=poll"
                                        + " transactions are shorter"
                                : ": " + e),
                e);
    }

    private static boolean isFencing(@Nullable Throwable e) {
        return e instanceof ProducerFencedException || e instanceof InvalidProducerEpochException;
    }

    /** What is open is aborted by the next life of the task, which begins with the same transactional id. */
    @Override
    public void cancel() {
        cancelled = true;
        transaction.store.endWrites(); // A copy of what was committed would come after the successor's.
    }

    @Override
    public void close() {
        // The producer is closed by its owner.
    }
}
