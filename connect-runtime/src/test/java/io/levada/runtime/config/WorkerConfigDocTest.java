/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.levada.connect.api.config.OptionTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/worker-config.md} has every key of a worker, from the definitions that its properties are checked by. {@code
 * -Dlevada.docs.update=true} writes the page anew instead of comparing.
 */
final class WorkerConfigDocTest {
    private static final Path PAGE = Path.of("..", "docs", "worker-config.md");
    private static final String BEGIN = "<!-- keys: begin -->\n";
    private static final String END = "<!-- keys: end -->\n";

    @Test
    void pageListsEveryKeyAsItIsDefined() throws IOException {
        String page = Files.readString(PAGE);
        String generated =
                page.substring(0, page.indexOf(BEGIN) + BEGIN.length()) + tables() + page.substring(page.indexOf(END));

        if (Boolean.getBoolean("levada.docs.update")) {
            Files.writeString(PAGE, generated);
        }
        assertThat(Files.readString(PAGE))
                .as("run ./mvnw verify -pl connect-runtime -am -Dtest=WorkerConfigDocTest"
                        + " -Dsurefire.failIfNoSpecifiedTests=false -Dlevada.docs.update=true")
                .isEqualTo(generated);
    }

    @Test
    void everyKeySaysWhatItDoes() {
        assertThat(keys())
                .allSatisfy(key -> assertThat(key.documentation).as(key.name).isNotBlank());
    }

    /** What belongs between the marks. */
    private static String tables() {
        ConfigDef own = new ConfigDef();
        keys().filter(Predicate.not(WorkerConfigDocTest::isOfClients)).forEach(own::define);
        return "\n" + OptionTable.markdown(own) + clients();
    }

    /** Without defaults, which are those of each client. */
    private static String clients() {
        StringBuilder text = new StringBuilder("### Clients\n\n");
        text.append(
                        "Handed on to the worker's own clients and to the admin clients of connectors. One that is not given has the")
                .append(" default of the client.\n`ssl.` keys are those of `https://` listeners too.\n\n");
        text.append("| key | type | what it does |\n| --- | --- | --- |\n");
        keys().filter(WorkerConfigDocTest::isOfClients)
                .forEach(key -> text.append("| `")
                        .append(key.name)
                        .append("` | ")
                        .append(key.type.name().toLowerCase(Locale.ROOT))
                        .append(" | ")
                        .append(firstSentence(key.documentation))
                        .append(" |\n"));
        return text.append('\n').toString();
    }

    private static Stream<ConfigKey> keys() {
        return WorkerKeys.DEFINITION.configKeys().values().stream();
    }

    /** Those of kafka-clients have no group. */
    private static boolean isOfClients(ConfigKey key) {
        return key.group == null || key.group.equals("Clients");
    }

    /** Kafka's own texts are long, and are HTML. */
    private static String firstSentence(String documentation) {
        String plain = documentation
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ")
                .replaceAll(" ([.,)])", "$1")
                .strip();
        int end = plain.indexOf(". ");
        return (end < 0 ? plain : plain.substring(0, end + 1)).replace("|", "\\|");
    }
}
