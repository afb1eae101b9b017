/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.ui;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The console is served under {@code Content-Security-Policy: default-src 'self'}: nothing inline, nothing from elsewhere. */
final class ContentSecurityTest {
    private static final Path WEB = Path.of("src/main/resources/web");
    private static final Pattern IMPORT = Pattern.compile("(?:from|import) ?\"([^\"]+)\"");

    @Test
    void thePageHasNoInlineScriptOrStyle() throws IOException {
        String page = Files.readString(WEB.resolve("index.html"));
        assertThat(page)
                .doesNotContainPattern("<script(?![^>]*src=)")
                .doesNotContain("<style")
                .doesNotContain("style=");
    }

    @Test
    void noScriptSetsHtmlOrInlineStyles() throws IOException {
        for (Path script : ownScripts()) {
            assertThat(Files.readString(script))
                    .as(script.toString())
                    .doesNotContain("innerHTML", "dangerouslySetInnerHTML", "eval(", "style=");
        }
    }

    @Test
    void everyImportIsAFileBesideTheImporter() throws IOException {
        for (Path script : files(".js")) {
            for (String imported : imports(script)) {
                assertThat(imported).as("import in " + script).startsWith("./");
                assertThat(script.resolveSibling(imported))
                        .as("import in " + script)
                        .exists();
            }
        }
    }

    @Test
    void nothingIsLoadedFromAnotherHost() throws IOException {
        for (Path file : Stream.of(ownScripts(), files(".html"), files(".css"))
                .flatMap(List::stream)
                .toList()) {
            assertThat(Files.readString(file)).as(file.toString()).doesNotContain("http://", "https://");
        }
    }

    private static List<String> imports(Path script) throws IOException {
        return IMPORT.matcher(Files.readString(script))
                .results()
                .map((MatchResult match) -> match.group(1))
                .toList();
    }

    private static List<Path> ownScripts() throws IOException {
        return files(".js").stream()
                .filter(file -> !file.startsWith(WEB.resolve("vendor")))
                .toList();
    }

    private static List<Path> files(String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(WEB)) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }
}
