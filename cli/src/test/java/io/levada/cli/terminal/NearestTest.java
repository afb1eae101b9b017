/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class NearestTest {
    private static final List<String> VERBS =
            List.of("demo", "worker", "broker", "connectors", "topics", "produce", "consume");

    @Test
    void twoLettersSwappedAreOneMistake() {
        assertThat(Nearest.to("dmeo", VERBS)).containsExactly("demo");
        assertThat(Nearest.to("toipcs", VERBS)).containsExactly("topics");
    }

    @Test
    void whatIsBegunIsFound() {
        assertThat(Nearest.to("con", VERBS)).containsExactly("consume", "connectors");
    }

    @Test
    void aWordThatIsNearNothingIsNotGuessed() {
        assertThat(Nearest.to("foo", VERBS)).isEmpty();
        assertThat(Nearest.to("help", VERBS)).isEmpty();
    }

    @Test
    void upperCaseIsNoMistake() {
        assertThat(Nearest.to("DEMO", VERBS)).containsExactly("demo");
    }

    @Test
    void severalAreAskedForInOneQuestion() {
        assertThat(Nearest.question("con", VERBS, "'")).isEqualTo("Did you mean 'consume' or 'connectors'?");
        assertThat(Nearest.question("foo", VERBS, "'")).isEmpty();
    }
}
