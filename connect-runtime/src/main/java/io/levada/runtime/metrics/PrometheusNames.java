/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import java.util.Locale;
import org.apache.kafka.common.MetricName;

/**
 * Kafka's names in Prometheus's spelling, as the usual patterns of its JMX exporter give them: {@code kafka.connect:type=source-task-metrics} with the
 * attribute {@code source-record-poll-total} is {@code kafka_connect_source_task_metrics_source_record_poll_total}. A word becomes a label of a
 * gauge that is 1 and ends with {@code _info}.
 */
final class PrometheusNames {
    private static final String OWN = "levada-";

    private PrometheusNames() {}

    /** The family of a metric; {@code word} if its value is one. */
    static String family(MetricName name, boolean word) {
        String group = name.group();
        String prefix = group.startsWith(OWN) ? "" : "kafka_connect_";
        return prefix + label(group) + '_' + label(name.name()) + (word ? "_info" : "");
    }

    /** A name in which only letters, digits and underscores are left, beginning with none of the digits. */
    static String label(String name) {
        StringBuilder plain = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            plain.append(allowed ? c : '_');
        }
        String lower = plain.toString().toLowerCase(Locale.ROOT);
        return lower.isEmpty() || Character.isDigit(lower.charAt(0)) ? '_' + lower : lower;
    }
}
