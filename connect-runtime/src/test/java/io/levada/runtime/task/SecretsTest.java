/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.levada.runtime.plugins.PluginSearch;
import io.levada.runtime.plugins.Plugins;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
    @TempDir
    Path folder;

    private Path file;
    private Plugins plugins;
    private Secrets secrets;

    @BeforeEach
    void open() throws IOException {
        file = Files.writeString(folder.resolve("secret.properties"), "pw=hunter2");
        plugins = Plugins.discover(PluginSearch.classPathOnly());
        secrets = Secrets.open(
                Map.of(
                        "config.providers",
                        "file",
                        "config.providers.file.class",
                        "org.apache.kafka.common.config.provider.FileConfigProvider"),
                plugins);
    }

    @AfterEach
    void close() {
        secrets.close();
        plugins.close();
    }

    @Test
    void aReferenceIsReplacedWithAllAroundItKept() {
        assertThat(resolved("a ${file:" + file + ":pw} b ${ c }d")).isEqualTo("a hunter2 b ${ c }d");
        assertThat(resolved("${file:" + file + ":pw}")).isEqualTo("hunter2");
        assertThat(resolved("plain")).isEqualTo("plain");
    }

    /** Kotlin and Scala throw checked exceptions that nobody has declared, and a class that cannot be linked is an error. */
    @Test
    void noFailureTellsAValueWhateverItsClass() {
        Map<String, String> config = Map.of("key", "${file:" + file + ":pw}");
        for (Throwable failure : List.of(
                new NoClassDefFoundError("no hunter2"), new IOException("no hunter2"), new Error("no hunter2"))) {
            assertThatThrownBy(() -> secrets.with(config, resolved -> thrown(failure)))
                    .hasMessage(failure.getClass().getName() + ": no ${file:" + file + ":pw}");
        }
    }

    @Test
    void whatIsWrongInTheWorkersPropertiesTellsNoValueHoweverShort() {
        String reference = "${file:ab:pw}";
        assertThatThrownBy(() -> Secrets.checked(
                        Map.of("password", reference, "other", "${file:ab:other}"),
                        Map.of("password", "ab", "other", "hunter2"),
                        () -> {
                            throw new ConfigException("password", "ab", "a label and hunter2");
                        }))
                .hasMessage("Invalid value " + reference + " for configuration password: a label and ${file:ab:other}");
    }

    @Test
    void aFailureThatTellsNoValueGoesOnAsItCame() {
        for (Throwable failure : List.of(new NoClassDefFoundError("gone"), new IOException("gone"))) {
            assertThatThrownBy(
                            () -> secrets.with(Map.of("key", "${file:" + file + ":pw}"), resolved -> thrown(failure)))
                    .isSameAs(failure);
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // As the compilers of other languages do.
    private static <E extends Throwable> Object thrown(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void aThousandReferencesThatNeverCloseTakeNoTime() {
        String open = "${file:".repeat(1000);
        String found =
                assertTimeoutPreemptively(Duration.ofMinutes(1), () -> resolved("${file:" + file + ":pw}" + open));
        assertThat(found).isEqualTo("hunter2" + open);
    }

    @Test
    void aProviderThatIsNotThereIsNamedWithItsPathAndKey() {
        assertThatThrownBy(() -> resolved("${vault:/app/db:pw}"))
                .isInstanceOf(UnresolvedException.class)
                .hasMessageContaining("key refers to key 'pw' of '/app/db' by config provider 'vault'")
                .hasMessageContaining("config.providers=file")
                .hasMessageContaining("config.providers.literal");
        assertThatThrownBy(() -> resolved("${flie:/app/db:pw}")).hasMessageContaining("Did you mean file?");
    }

    @Test
    void withoutAnyProviderAReferenceIsAnErrorToo() {
        try (Secrets none = Secrets.open(Map.of(), plugins)) {
            assertThatThrownBy(() -> none.resolve(Map.of("connection.password", "${file:/etc/db:pw}")))
                    .hasMessageContaining(
                            "connection.password refers to key 'pw' of '/etc/db' by config provider 'file'")
                    .hasMessageContaining("config.providers is not set");
        }
    }

    @Test
    void aKeyThatIsNotInTheFileIsNamedAndTheOthersAreNotTold() {
        assertThatThrownBy(() -> resolved("${file:" + file + ":pw} ${file:" + file + ":passwd}"))
                .hasMessageContaining("key 'passwd' of '" + file + "' by config provider 'file', which has no such key")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> resolved("${file:/no/such/file:pw}"))
                .hasMessageContaining(
                        "key 'pw' of '/no/such/file' by config provider 'file', but that failed: Could not read"
                                + " properties");
    }

    @Test
    void allProblemsAreToldByTheirKeys() {
        assertThatThrownBy(() -> secrets.resolve(Map.of("a", "${x:y:z}", "b", "${file:/none:k}", "c", "fine")))
                .isInstanceOfSatisfying(
                        UnresolvedException.class,
                        thrown -> assertThat(thrown.problems()).containsOnlyKeys("a", "b"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka_${topic}",
                "$1-${2}",
                "'year'=YYYY/'month'=MM",
                "^(.*)[:}]${",
                "{\"$match\": {\"a\": 1}}",
                "${not a name:x}",
                "${}"
            })
    void whatIsNoReferenceIsLeftAsItIs(String value) {
        assertThat(resolved(value)).isEqualTo(value);
    }

    @Test
    void aNameThatIsSaidToBeNoProviderIsLeftAsItIs() {
        try (Secrets some = Secrets.open(Map.of("config.providers.literal", "date, other"), plugins)) {
            assertThat(some.resolve(Map.of("path", "${date:now:yyyyMMdd}.csv")))
                    .isEqualTo(Map.of("path", "${date:now:yyyyMMdd}.csv"));
        }
    }

    private String resolved(String value) {
        return String.valueOf(secrets.resolve(Map.of("key", value)).get("key"));
    }
}
