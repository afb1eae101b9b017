/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.config.OptionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.connect.connector.Connector;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The option tables in {@code docs/connectors/} stand between {@code <!-- options of CLASS -->} and {@code <!-- end of options -->}, and are
 * what the connector's own definition says. {@code -Dlevada.docs.update=true} writes them anew instead of comparing.
 */
final class ConnectorDocsTest {

    private static final Path FOLDER =
            Path.of("..", "docs", "connectors").toAbsolutePath().normalize();
    private static final Pattern SECTION =
            Pattern.compile("(<!-- options of (\\S+) -->\n)(.*?)(<!-- end of options -->)", Pattern.DOTALL);

    @ParameterizedTest
    @ValueSource(strings = {"file.md", "jdbc.md", "postgres-cdc.md", "s3.md"})
    void tablesAreWhatTheDefinitionsSay(String page) throws IOException {
        Path file = FOLDER.resolve(page);
        String text = Files.readString(file);
        Matcher sections = SECTION.matcher(text);

        String generated = sections.replaceAll(ConnectorDocsTest::section);

        if (Boolean.getBoolean("levada.docs.update")) {
            Files.writeString(file, generated);
        }
        assertThat(Files.readString(file))
                .as("run ./mvnw verify -pl integration-tests -am -Dtest=ConnectorDocsTest -Dlevada.docs.update=true")
                .isEqualTo(generated);
    }

    @Test
    void everyBundledConnectorHasItsTable() throws IOException {
        String all = Files.readString(FOLDER.resolve("file.md"))
                + Files.readString(FOLDER.resolve("jdbc.md"))
                + Files.readString(FOLDER.resolve("postgres-cdc.md"))
                + Files.readString(FOLDER.resolve("s3.md"));
        assertThat(all)
                .contains(
                        "<!-- options of io.levada.connect.file.FileStreamSourceConnector -->",
                        "<!-- options of io.levada.connect.file.FileStreamSinkConnector -->",
                        "<!-- options of io.levada.connect.jdbc.JdbcSourceConnector -->",
                        "<!-- options of io.levada.connect.jdbc.JdbcSinkConnector -->",
                        "<!-- options of io.levada.connect.jdbc.PostgresCdcSourceConnector -->",
                        "<!-- options of io.levada.connect.s3.S3SinkConnector -->");
    }

    private static String section(MatchResult section) {
        try {
            Connector connector = Class.forName(section.group(2))
                    .asSubclass(Connector.class)
                    .getDeclaredConstructor()
                    .newInstance();
            return Matcher.quoteReplacement(
                    section.group(1) + "\n" + OptionTable.markdown(connector.config()) + section.group(4));
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("cannot create " + section.group(2), e);
        }
    }
}
