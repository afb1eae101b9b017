/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc;

import io.levada.connect.api.harness.MemoryOffsets;
import io.levada.connect.api.harness.SourceHarness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.source.SourceRecord;

/** A capture in a process of its own with little memory; it tells on standard output what it has seen. */
final class SmallHeap {

    private static final int CHANGES = 250_000;

    private SmallHeap() {}

    static Process start(Map<String, String> config) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeap.class.getName()));
        config.forEach((key, value) -> command.add(key + "=" + value));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    /** The arguments are the configuration. */
    public static void main(String[] arguments) throws Exception {
        Map<String, String> config = new HashMap<>(Map.of("max.queue.size", "1000", "max.batch.size", "200"));
        for (String each : arguments) {
            int equals = each.indexOf('=');
            config.put(each.substring(0, equals), each.substring(equals + 1));
        }
        try (SourceHarness source =
                SourceHarness.start(new PostgresCdcSourceConnector(), config, new MemoryOffsets())) {
            source.poll(20, CdcFixture.PATIENCE);
            System.out.println("following");
            int changes = 0;
            while (true) {
                for (SourceRecord record : source.poll()) {
                    changes += record.topic().endsWith(".t") ? 1 : 0;
                }
                source.commit();
                if (changes == CHANGES) {
                    System.out.println(changes + " changes");
                    changes = 0;
                }
            }
        }
    }
}
