/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class VendoredFilesTest {
    private static final Path VENDOR = Path.of("src/main/resources/web/vendor");

    @Test
    void everyVendoredFileIsTheOneThatWasReviewed() throws Exception {
        Map<String, String> expected = new TreeMap<>();
        for (String line : Files.readAllLines(VENDOR.resolve("SHA256SUMS"))) {
            String[] columns = line.split("  ", 2);
            expected.put(columns[1], columns[0]);
        }
        Map<String, String> found = new TreeMap<>();
        for (Path file : scripts()) {
            found.put(file.getFileName().toString(), sha256(file));
        }
        assertThat(found).as("changed on purpose? ui/vendor.sh writes the sums").isEqualTo(expected);
    }

    @Test
    void everyVendoredFileHasItsLicenceBesideIt() throws IOException {
        for (Path file : scripts()) {
            String name = file.getFileName().toString().replace(".js", "");
            assertThat(VENDOR.resolve("LICENSE." + name)).isNotEmptyFile();
        }
    }

    private static List<Path> scripts() throws IOException {
        try (Stream<Path> files = Files.list(VENDOR)) {
            return files.filter(file -> file.toString().endsWith(".js"))
                    .sorted()
                    .toList();
        }
    }

    private static String sha256(Path file) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
    }
}
