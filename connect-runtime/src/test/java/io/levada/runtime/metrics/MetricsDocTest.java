/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.MetricName;
import org.junit.jupiter.api.Test;

/** {@code docs/metrics.md} has every metric, from the declarations that the code registers. */
final class MetricsDocTest {
    private static final Path PAGE = Path.of("..", "docs", "metrics.md");
    private static final String BEGIN = "<!-- names: begin -->\n";
    private static final String END = "<!-- names: end -->\n";

    @Test
    void pageListsEveryMetricAsItIsDeclared() throws IOException {
        String page = Files.readString(PAGE);

        assertThat(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END)))
                .isEqualTo(names());
    }

    /** What belongs between the marks. */
    private static String names() {
        StringBuilder text = new StringBuilder();
        for (MetricGroup group : MetricGroup.values()) {
            String tags = group.tags().stream().map(tag -> "," + tag + "=…").collect(Collectors.joining());
            text.append("\n### `kafka.connect:type=")
                    .append(group.type())
                    .append(tags)
                    .append("`\n\n");
            text.append("| attribute | Prometheus | kind | |\n| --- | --- | --- | --- |\n");
            Arrays.stream(ConnectMetric.values())
                    .filter(metric -> metric.group() == group)
                    .forEach(metric -> text.append(row(metric)));
        }
        return text.append('\n').toString();
    }

    private static String row(ConnectMetric metric) {
        Map<String, String> tags = new LinkedHashMap<>();
        metric.group().tags().forEach(tag -> tags.put(tag, ""));
        MetricName name = new MetricName(metric.metricName(), metric.group().type(), "", tags);
        return "| `" + metric.metricName() + "` | `" + PrometheusNames.family(name, metric.kind() == MetricKind.TEXT)
                + "` | " + metric.kind().name().toLowerCase(java.util.Locale.ROOT) + " | " + metric.description()
                + " |\n";
    }
}
