/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.levada.cli.terminal.ExitCode;
import io.levada.cli.terminal.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ConnectorFileTest {
    @TempDir
    Path folder;

    @Test
    void bothShapesGiveTheSameConfig() throws IOException {
        ConnectorFile wrapped = read("{\"name\": \"a\", \"config\": {\"connector.class\": \"C\", \"tasks.max\": 2}}");
        ConnectorFile flat = read("{\"name\": \"a\", \"connector.class\": \"C\", \"tasks.max\": 2}");
        assertThat(wrapped.name()).isEqualTo(flat.name()).isEqualTo("a");
        assertThat(wrapped.config()).isEqualTo(flat.config());
    }

    @Test
    void theInitialStateOfAFileIsKept() throws IOException {
        ConnectorFile file =
                read("{\"name\": \"a\", \"config\": {\"connector.class\": \"C\"}, \"initial_state\": \"STOPPED\"}");
        assertThat(file.createRequest().path("initial_state").asText()).isEqualTo("STOPPED");
    }

    /** As {@code connect-standalone} of Kafka Connect has been given them ever since. */
    @Test
    void aPropertiesFileIsAFlatConfig() throws IOException {
        ConnectorFile file = read("""
                # lines into a topic
                name = local-file-source
                connector.class=org.apache.kafka.connect.file.FileStreamSourceConnector\t
                tasks.max:2
                file=C\\:\\\\in.txt
                topic=lines\\u002d1
                transforms=a,\\
                    b
                """);

        assertThat(file.name()).isEqualTo("local-file-source");
        assertThat(file.config().toString())
                .isEqualTo(
                        "{\"connector.class\":\"org.apache.kafka.connect.file.FileStreamSourceConnector\","
                                + "\"file\":\"C:\\\\in.txt\",\"name\":\"local-file-source\",\"tasks.max\":\"2\",\"topic\":\"lines-1\",\"transforms\":\"a,b\"}");
        assertThat(file.initialState()).isEmpty();
    }

    @Test
    void aByteOrderMarkIsNoPartOfAFile() throws IOException {
        assertThat(read("\uFEFF{\"name\": \"a\", \"connector.class\": \"C\"}").name())
                .isEqualTo("a");
        assertThat(read("\uFEFFname=a\nconnector.class=C\n").name()).isEqualTo("a");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"name\": \" a \", \"config\": {\"connector.class\": \"C\"}}",
                "{\"name\": \"a\\t\", \"config\": {\"connector.class\": \"C\", \"name\": \"a \"}}",
                "{\"name\": \"a \", \"connector.class\": \"C\"}",
                "name=a \nconnector.class=C\n"
            })
    void blanksAroundANameAreNoPartOfIt(String text) throws IOException {
        ConnectorFile file = read(text);

        assertThat(file.name()).isEqualTo("a");
        assertThat(file.values()).containsEntry("name", "a");
    }

    @Test
    void jsonThatIsNotUtf8IsToldAsSuch() throws IOException {
        Path file = Files.write(
                folder.resolve("connector.json"), "{\"name\": \"caf\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> ConnectorFile.read(file.toString())).hasMessageContaining("not UTF-8");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            {"name": "a",                                            | malformed JSON at line 2
            {"name": "a"                                             | (start marker at line: 1, column: 1)
            []                                                       | holds no JSON object
            {"connector.class": "C"}                                 | gives the connector no name
            {"name": "a"}                                            | has no connector.class
            {"name": "a", "connector.class": "C", "topics": ["t"]}   | 'topics' is an object or a list
            connector.class=C                                        | gives the connector no name
            just some words                                          | neither JSON nor the properties of a connector
            name=a                                                   | has no connector.class
            name=\\u00g1                                             | malformed properties
            # nothing                                                | there is nothing in it
            """)
    void aFileThatIsNoConnectorIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> read(text + "\n"))
                .hasMessageContaining("connector.json")
                .hasMessageContaining(reason);
    }

    @Test
    void anEmptyFileIsToldAsSuch() {
        assertThatThrownBy(() -> read("")).hasMessageContaining("there is nothing in it");
    }

    @Test
    void aRefusalNamesTheFileAlsoInItsAdvice() throws IOException {
        ConnectorFile file = read("name=a\nconnector.class=C\n");

        Problem refusal = file.named(
                new Problem(ExitCode.INVALID, "cannot create connector 'a'", "no", HttpExit.remedy(400, "no")));

        assertThat(refusal.what()).isEqualTo("cannot create connector 'a' of " + file.file());
        assertThat(refusal.remedy())
                .isEqualTo("'levada connectors validate " + file.file() + "' shows every key with its error.");
    }

    @Test
    void aMissingFileIsNamed() {
        assertThatThrownBy(() -> ConnectorFile.read(folder.resolve("none.json").toString()))
                .hasMessageContaining("none.json")
                .hasMessageContaining("no such file");
    }

    private ConnectorFile read(String text) throws IOException {
        return ConnectorFile.read(
                Files.writeString(folder.resolve("connector.json"), text).toString());
    }
}
