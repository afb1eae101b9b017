/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a page refers to is there, and what the pages of a distribution refer to is in the distribution. */
final class LinksTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path DOCS = ROOT.resolve("docs");
    private static final Path EXAMPLES = ROOT.resolve("config-examples");
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#\\s]+)[^)\\s]*\\)");

    @Test
    void everyLinkLeadsToAFile() throws IOException {
        List<Path> pages = distributed();
        pages.add(ROOT.resolve("README.md"));
        for (Path page : pages) {
            assertThat(targets(page))
                    .as(page.toString())
                    .allSatisfy(target -> assertThat(target).exists());
        }
    }

    @Test
    void pagesOfADistributionReferToNothingElse() throws IOException {
        for (Path page : distributed()) {
            assertThat(targets(page))
                    .as(page.toString())
                    .allMatch(target -> target.startsWith(DOCS) || target.startsWith(EXAMPLES));
        }
    }

    @Test
    void theIndexListsEveryPage() throws IOException {
        List<Path> listed = targets(DOCS.resolve("README.md"));
        try (Stream<Path> pages = Files.list(DOCS)) {
            assertThat(pages.filter(page -> page.toString().endsWith(".md") && !page.endsWith("README.md")))
                    .allMatch(listed::contains);
        }
    }

    private static List<Path> distributed() throws IOException {
        List<Path> found = new ArrayList<>();
        for (Path folder : List.of(DOCS, EXAMPLES)) {
            try (Stream<Path> files = Files.walk(folder)) {
                files.filter(file -> file.toString().endsWith(".md")).forEach(found::add);
            }
        }
        return found;
    }

    private static List<Path> targets(Path page) throws IOException {
        return LINK.matcher(Files.readString(page))
                .results()
                .map(match -> match.group(1))
                .filter(link -> !link.startsWith("http"))
                .map(link -> page.resolveSibling(link).normalize())
                .toList();
    }
}
