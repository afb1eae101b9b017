/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static io.levada.runtime.metrics.MetricGroup.CONNECTOR;
import static io.levada.runtime.metrics.MetricGroup.LEVADA_SINK;
import static io.levada.runtime.metrics.MetricGroup.LEVADA_SOURCE;
import static io.levada.runtime.metrics.MetricGroup.PREDICATE;
import static io.levada.runtime.metrics.MetricGroup.REBALANCE;
import static io.levada.runtime.metrics.MetricGroup.SINK_TASK;
import static io.levada.runtime.metrics.MetricGroup.SOURCE_TASK;
import static io.levada.runtime.metrics.MetricGroup.TASK;
import static io.levada.runtime.metrics.MetricGroup.TASK_ERROR;
import static io.levada.runtime.metrics.MetricGroup.TRANSFORM;
import static io.levada.runtime.metrics.MetricGroup.WORKER;
import static io.levada.runtime.metrics.MetricGroup.WORKER_CONNECTOR;
import static io.levada.runtime.metrics.MetricKind.COUNTER;
import static io.levada.runtime.metrics.MetricKind.GAUGE;
import static io.levada.runtime.metrics.MetricKind.TEXT;

import java.util.Arrays;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.common.MetricName;
import org.jspecify.annotations.Nullable;

/**
 * Every metric of the worker itself. Names and groups are Kafka Connect's (KIP-196 and those after it) but for the two groups that begin with
 * {@code levada-}. Code registers by these constants, Prometheus types and {@code docs/metrics.md} come from them.
 */
enum ConnectMetric {
    CONNECTOR_STATUS(CONNECTOR, "status", TEXT, "What the connector does, as its REST status says it."),
    CONNECTOR_TYPE(CONNECTOR, "connector-type", TEXT, "source or sink."),
    CONNECTOR_CLASS(CONNECTOR, "connector-class", TEXT, "The connector's class."),
    CONNECTOR_VERSION(CONNECTOR, "connector-version", TEXT, "What the connector says is its version."),

    TASK_STATUS(TASK, "status", TEXT, "What the task does, as its REST status says it."),
    RUNNING_RATIO(TASK, "running-ratio", GAUGE, "Share of its life that the task has been running, 0 to 1."),
    PAUSE_RATIO(TASK, "pause-ratio", GAUGE, "Share of its life that the task has been paused, 0 to 1."),
    COMMIT_TIME_MAX(TASK, "offset-commit-max-time-ms", GAUGE, "Longest offset commit."),
    COMMIT_TIME_AVG(TASK, "offset-commit-avg-time-ms", GAUGE, "Mean time of an offset commit."),
    COMMIT_FAILURES(TASK, "offset-commit-failure-percentage", GAUGE, "Share of offset commits that failed, 0 to 1."),
    COMMIT_SUCCESSES(
            TASK, "offset-commit-success-percentage", GAUGE, "Share of offset commits that succeeded, 0 to 1."),
    BATCH_SIZE_MAX(TASK, "batch-size-max", GAUGE, "Records in the largest batch polled or put."),
    BATCH_SIZE_AVG(TASK, "batch-size-avg", GAUGE, "Records in a batch polled or put, on average."),
    TASK_CONNECTOR_CLASS(TASK, "connector-class", TEXT, "Class of the task's connector."),
    TASK_CONNECTOR_VERSION(TASK, "connector-version", TEXT, "Version of the task's connector."),
    TASK_CONNECTOR_TYPE(TASK, "connector-type", TEXT, "source or sink."),
    TASK_CLASS(TASK, "task-class", TEXT, "The task's class."),
    TASK_VERSION(TASK, "task-version", TEXT, "What the task says is its version."),
    KEY_CONVERTER_CLASS(TASK, "key-converter-class", TEXT, "Class of the converter for keys."),
    KEY_CONVERTER_VERSION(TASK, "key-converter-version", TEXT, "Version of the converter for keys."),
    VALUE_CONVERTER_CLASS(TASK, "value-converter-class", TEXT, "Class of the converter for values."),
    VALUE_CONVERTER_VERSION(TASK, "value-converter-version", TEXT, "Version of the converter for values."),
    HEADER_CONVERTER_CLASS(TASK, "header-converter-class", TEXT, "Class of the converter for headers."),
    HEADER_CONVERTER_VERSION(TASK, "header-converter-version", TEXT, "Version of the converter for headers."),

    TRANSFORM_CLASS(TRANSFORM, "transform-class", TEXT, "Class of the transform."),
    TRANSFORM_VERSION(TRANSFORM, "transform-version", TEXT, "Version of the transform."),
    PREDICATE_CLASS(PREDICATE, "predicate-class", TEXT, "Class of the predicate."),
    PREDICATE_VERSION(PREDICATE, "predicate-version", TEXT, "Version of the predicate."),

    POLL_RATE(SOURCE_TASK, "source-record-poll-rate", GAUGE, "Records a second that the task's poll() returns."),
    POLL_TOTAL(SOURCE_TASK, "source-record-poll-total", COUNTER, "Records that the task's poll() has returned."),
    WRITE_RATE(SOURCE_TASK, "source-record-write-rate", GAUGE, "Records a second that brokers acknowledge."),
    WRITE_TOTAL(
            SOURCE_TASK,
            "source-record-write-total",
            COUNTER,
            "Records that brokers have acknowledged; those that transforms or errors.tolerance drop do not count."),
    POLL_TIME_MAX(SOURCE_TASK, "poll-batch-max-time-ms", GAUGE, "Longest poll() that returned records."),
    POLL_TIME_AVG(SOURCE_TASK, "poll-batch-avg-time-ms", GAUGE, "Mean time of a poll() that returned records."),
    SOURCE_ACTIVE(
            SOURCE_TASK, "source-record-active-count", GAUGE, "Records polled and neither acknowledged nor dropped."),
    SOURCE_ACTIVE_MAX(SOURCE_TASK, "source-record-active-count-max", GAUGE, "The most of these at a time."),
    SOURCE_ACTIVE_AVG(SOURCE_TASK, "source-record-active-count-avg", GAUGE, "The mean of these."),
    TRANSACTION_MIN(
            SOURCE_TASK, "transaction-size-min", GAUGE, "Records in the smallest transaction (exactly once only)."),
    TRANSACTION_MAX(
            SOURCE_TASK, "transaction-size-max", GAUGE, "Records in the largest transaction (exactly once only)."),
    TRANSACTION_AVG(
            SOURCE_TASK, "transaction-size-avg", GAUGE, "Mean of records in a transaction (exactly once only)."),

    READ_RATE(SINK_TASK, "sink-record-read-rate", GAUGE, "Records a second read from topics."),
    READ_TOTAL(SINK_TASK, "sink-record-read-total", COUNTER, "Records read from topics."),
    SEND_RATE(SINK_TASK, "sink-record-send-rate", GAUGE, "Records a second that are left after the transforms."),
    SEND_TOTAL(SINK_TASK, "sink-record-send-total", COUNTER, "Records that were left after the transforms."),
    SINK_LAG_MAX(
            SINK_TASK,
            "sink-record-lag-max",
            GAUGE,
            "Records read and not committed, in the partition that has most of them. (Kafka Connect documents it and never registers it.)"),
    PARTITION_COUNT(SINK_TASK, "partition-count", GAUGE, "Topic partitions that the task owns."),
    COMMIT_SEQUENCE(SINK_TASK, "offset-commit-seq-no", GAUGE, "Number of the newest offset commit."),
    COMMIT_COMPLETION_RATE(SINK_TASK, "offset-commit-completion-rate", GAUGE, "Offset commits a second that succeed."),
    COMMIT_COMPLETION_TOTAL(
            SINK_TASK, "offset-commit-completion-total", COUNTER, "Offset commits that have succeeded."),
    COMMIT_SKIP_RATE(
            SINK_TASK,
            "offset-commit-skip-rate",
            GAUGE,
            "Answers a second to offset commits that a newer one had overtaken."),
    COMMIT_SKIP_TOTAL(
            SINK_TASK,
            "offset-commit-skip-total",
            COUNTER,
            "Answers to offset commits that a newer one had overtaken."),
    PUT_TIME_MAX(SINK_TASK, "put-batch-max-time-ms", GAUGE, "Longest put()."),
    PUT_TIME_AVG(SINK_TASK, "put-batch-avg-time-ms", GAUGE, "Mean time of a put()."),
    SINK_ACTIVE(SINK_TASK, "sink-record-active-count", GAUGE, "Records read and not committed."),
    SINK_ACTIVE_MAX(SINK_TASK, "sink-record-active-count-max", GAUGE, "The most of these at a time."),
    SINK_ACTIVE_AVG(SINK_TASK, "sink-record-active-count-avg", GAUGE, "The mean of these."),

    RECORD_FAILURES(
            TASK_ERROR, "total-record-failures", COUNTER, "Operations on a record that failed, each try counted."),
    RECORD_ERRORS(TASK_ERROR, "total-record-errors", COUNTER, "Operations on a record that failed for good."),
    RECORDS_SKIPPED(TASK_ERROR, "total-records-skipped", COUNTER, "Records left out because of errors."),
    RETRIES(TASK_ERROR, "total-retries", COUNTER, "Operations tried again."),
    ERRORS_LOGGED(TASK_ERROR, "total-errors-logged", COUNTER, "Errors written to the log (errors.log.enable)."),
    DEAD_LETTERS(TASK_ERROR, "deadletterqueue-produce-requests", COUNTER, "Records sent to the dead letter queue."),
    DEAD_LETTER_FAILURES(
            TASK_ERROR, "deadletterqueue-produce-failures", COUNTER, "Records that could not be written there."),
    LAST_ERROR(
            TASK_ERROR, "last-error-timestamp", GAUGE, "When an operation last failed, in ms since 1970; 0 for never."),

    CONNECTOR_COUNT(WORKER, "connector-count", GAUGE, "Connectors on this worker."),
    TASK_COUNT(WORKER, "task-count", GAUGE, "Tasks on this worker."),
    CONNECTOR_STARTS(WORKER, "connector-startup-attempts-total", COUNTER, "Starts of connectors."),
    CONNECTOR_STARTS_GOOD(WORKER, "connector-startup-success-total", COUNTER, "Starts of connectors that succeeded."),
    CONNECTOR_STARTS_GOOD_SHARE(WORKER, "connector-startup-success-percentage", GAUGE, "Share of these, 0 to 1."),
    CONNECTOR_STARTS_BAD(WORKER, "connector-startup-failure-total", COUNTER, "Starts of connectors that failed."),
    CONNECTOR_STARTS_BAD_SHARE(WORKER, "connector-startup-failure-percentage", GAUGE, "Share of these, 0 to 1."),
    TASK_STARTS(WORKER, "task-startup-attempts-total", COUNTER, "Starts of tasks."),
    TASK_STARTS_GOOD(WORKER, "task-startup-success-total", COUNTER, "Starts of tasks that succeeded."),
    TASK_STARTS_GOOD_SHARE(WORKER, "task-startup-success-percentage", GAUGE, "Share of these, 0 to 1."),
    TASK_STARTS_BAD(WORKER, "task-startup-failure-total", COUNTER, "Starts of tasks that failed."),
    TASK_STARTS_BAD_SHARE(WORKER, "task-startup-failure-percentage", GAUGE, "Share of these, 0 to 1."),

    TASKS_TOTAL(WORKER_CONNECTOR, "connector-total-task-count", GAUGE, "Tasks of the connector on this worker."),
    TASKS_RUNNING(WORKER_CONNECTOR, "connector-running-task-count", GAUGE, "Those that run."),
    TASKS_PAUSED(WORKER_CONNECTOR, "connector-paused-task-count", GAUGE, "Those that are paused."),
    TASKS_FAILED(WORKER_CONNECTOR, "connector-failed-task-count", GAUGE, "Those that have failed."),
    TASKS_UNASSIGNED(WORKER_CONNECTOR, "connector-unassigned-task-count", GAUGE, "Those that have not started yet."),
    TASKS_DESTROYED(WORKER_CONNECTOR, "connector-destroyed-task-count", GAUGE, "Those that are deleted; always 0."),
    TASKS_RESTARTING(
            WORKER_CONNECTOR, "connector-restarting-task-count", GAUGE, "Those that are started again by hand."),

    PROTOCOL(REBALANCE, "connect-protocol", TEXT, "How the group assigns work; NONE for a worker that is alone."),
    LEADER(REBALANCE, "leader-name", TEXT, "Address of the group's leader, host:port."),
    EPOCH(REBALANCE, "epoch", GAUGE, "The group's generation."),
    REBALANCES(REBALANCE, "completed-rebalances-total", COUNTER, "Rebalances that this worker has seen to their end."),
    REBALANCING(REBALANCE, "rebalancing", GAUGE, "1 during a rebalance, else 0."),
    REBALANCE_TIME_MAX(REBALANCE, "rebalance-max-time-ms", GAUGE, "Longest rebalance."),
    REBALANCE_TIME_AVG(REBALANCE, "rebalance-avg-time-ms", GAUGE, "Mean time of a rebalance."),
    SINCE_REBALANCE(REBALANCE, "time-since-last-rebalance-ms", GAUGE, "Time since the last rebalance ended."),

    SINCE_LAST_RECORD(
            LEVADA_SOURCE,
            "seconds-since-last-record",
            GAUGE,
            "Time since poll() last returned a record; NaN before the first."),
    LAST_RECORD_DELAY(
            LEVADA_SOURCE,
            "last-record-delay-seconds",
            GAUGE,
            "How old the newest record was when it was polled, by its timestamp; NaN if it has none."),
    RECORD_LAG(
            LEVADA_SINK,
            "record-lag",
            GAUGE,
            "Records in the partition that the task has not been given yet; NaN until the end of the partition is known.");

    private static final Map<String, ConnectMetric> BY_NAME = Arrays.stream(values())
            .collect(Collectors.toUnmodifiableMap(
                    metric -> key(metric.group.type(), metric.metricName),
                    Function.identity(),
                    (first, second) -> first));

    private final MetricGroup group;
    private final String metricName;
    private final MetricKind kind;
    private final String description;

    ConnectMetric(MetricGroup group, String metricName, MetricKind kind, String description) {
        this.group = group;
        this.metricName = metricName;
        this.kind = kind;
        this.description = description;
    }

    /** The declaration of a metric; null if it is somebody else's, a plugin's or Kafka's. */
    static @Nullable ConnectMetric of(MetricName name) {
        return BY_NAME.get(key(name.group(), name.name()));
    }

    private static String key(String type, String name) {
        return type + ':' + name;
    }

    MetricGroup group() {
        return group;
    }

    /** The attribute of the MBean. */
    String metricName() {
        return metricName;
    }

    MetricKind kind() {
        return kind;
    }

    String description() {
        return description;
    }
}
