/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.it.testkit.Bucket;
import io.levada.it.testkit.FreePort;
import io.levada.it.testkit.LevadaProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The commands of README.md, config-examples/README.md and all of docs/ do what the pages say: each page's blocks are run in order, in a
 * folder that looks like the root of a checkout or of a distribution. The words are the page's own but for the ports, which are free ones.
 */
final class DocumentedCommandsIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

    @TempDir
    private Path folder;

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void commandsOfAPageRunAtTheRootOfACheckout(String page) throws Exception {
        run(page, ROOT);
    }

    @Test
    void commandsOfTheExamplesRunAtTheRootOfADistribution() throws Exception {
        run("config-examples/README.md", LevadaProcess.distribution());
    }

    @Test
    void aDistributionCarriesThePages() {
        assertThat(LevadaProcess.distribution().resolve("docs/README.md")).exists();
        assertThat(LevadaProcess.distribution().resolve("config-examples/secrets.properties"))
                .exists();
    }

    /** Reading a page is what fails if one of its blocks says nothing about how it is run. */
    static List<String> pagesWithCommands() throws IOException {
        List<String> pages = new ArrayList<>(List.of("README.md", "config-examples/README.md"));
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .forEach(page -> pages.add(ROOT.relativize(page).toString()));
        }
        return pages.stream()
                .filter(page ->
                        blocks(page).stream().anyMatch(block -> block.mark().kind() != Mark.Kind.NOT_RUN))
                .toList();
    }

    private static List<CommandBlock> blocks(String page) {
        try {
            return CommandBlock.of(page, Files.readAllLines(ROOT.resolve(page)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param layout where {@code ./levada} and {@code config-examples/} come from */
    private void run(String page, Path layout) throws Exception {
        String text = Files.readString(ROOT.resolve(page));
        String rest = "localhost:" + FreePort.next();
        String broker = "localhost:" + FreePort.next();
        Map<String, String> addresses = new LinkedHashMap<>(Map.of("localhost:8083", rest, "localhost:9092", broker));
        try (EmbeddedPostgres postgres = text.contains("localhost:5432")
                        ? EmbeddedPostgres.builder().start()
                        : null;
                Bucket bucket = text.contains("localhost:9000") ? Bucket.open(folder.resolve("s3")) : null) {
            if (postgres != null) {
                addresses.put("localhost:5432", "localhost:" + postgres.getPort());
            }
            if (bucket != null) {
                addresses.put("localhost:9000", bucket.url().replace("http://", ""));
            }
            Path root = root(layout, addresses);
            Map<String, String> environment = Map.of(
                    "PATH", tools() + File.pathSeparator + System.getenv("PATH"),
                    "LEVADA_BUILD", "off",
                    "LEVADA_URL", "http://" + rest,
                    "LEVADA_BOOTSTRAP", broker,
                    "LEVADA_PROPERTIES", "listeners=http://" + rest + "\nbroker.listeners=PLAINTEXT://" + broker);
            try (Stranger stranger = new Stranger(root, environment, addresses)) {
                for (CommandBlock block : blocks(page)) {
                    stranger.types(block);
                }
            }
        }
    }

    /** A folder of its own with the command as it is, and with the examples, whose addresses are those that are meant here. */
    private Path root(Path layout, Map<String, String> addresses) throws IOException {
        Path root = Files.createDirectories(folder.resolve("root"));
        executable(root.resolve("levada"), "exec '" + layout.resolve("levada") + "' \"$@\"");
        Path from = layout.resolve("config-examples");
        try (Stream<Path> examples = Files.walk(from)) {
            for (Path example : examples.filter(Files::isRegularFile).toList()) {
                String text = Files.readString(example);
                if (!example.toString().endsWith(".properties")) {
                    for (Map.Entry<String, String> address : addresses.entrySet()) {
                        text = text.replace(address.getKey(), address.getValue());
                    }
                }
                Path copy = root.resolve("config-examples").resolve(from.relativize(example));
                Files.createDirectories(copy.getParent());
                Files.writeString(copy, text);
            }
        }
        return root;
    }

    /** A folder for {@code PATH} with the psql that the pages call. */
    private Path tools() throws IOException {
        Path tools = Files.createDirectories(folder.resolve("tools"));
        Path psql = tools.resolve("psql");
        executable(
                psql,
                "exec '" + Path.of(System.getProperty("java.home"), "bin", "java") + "' -cp '" + place(Psql.class)
                        + File.pathSeparator + place(org.postgresql.Driver.class) + "' " + Psql.class.getName()
                        + " \"$@\"");
        return tools;
    }

    private static void executable(Path file, String script) throws IOException {
        Files.writeString(file, "#!/bin/sh\n" + script + "\n");
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static String place(Class<?> type) {
        return Path.of(java.net.URI.create(
                        type.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
