/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command of the documentation escapes the test that runs them. */
final class CommandBlockTest {

    @Test
    void markedBlocksAreFoundInOrder() {
        List<CommandBlock> blocks = blocks("""
                # Page
                <!-- test: stays; prints "worker \\"started\\"" -->
                ```sh
                ./levada worker
                ```
                ```json
                {}
                ```
                <!-- test: run; eventually; prints "a; b"; exits 3 -->
                ```sh
                ./levada topics list
                ls
                ```
                <!-- test: not run: it needs a cluster -->
                ```sh
                true
                ```
                """);

        assertThat(blocks)
                .containsExactly(
                        new CommandBlock(
                                "page.md:4",
                                "./levada worker",
                                new Mark(Mark.Kind.STAYS, "", List.of("worker \"started\""), false, 0)),
                        new CommandBlock(
                                "page.md:11",
                                "./levada topics list\nls",
                                new Mark(Mark.Kind.RUN, "", List.of("a; b"), true, 3)),
                        new CommandBlock(
                                "page.md:16",
                                "true",
                                new Mark(Mark.Kind.NOT_RUN, "it needs a cluster", List.of(), false, 0)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "```sh\nls\n```",
                "<!-- test: run -->\n\n```sh\nls\n```",
                "<!-- test: sometimes -->\n```sh\nls\n```",
                "<!-- test: run; print \"x\" -->\n```sh\nls\n```",
                "<!-- test: prints \"x\" -->\n```sh\nls\n```",
                "<!-- test: not run: -->\n```sh\nls\n```",
                "```\n./levada demo\n```",
                "\n    ./levada demo\n"
            })
    void whatIsNotMarkedIsNotSkippedSilently(String page) {
        assertThatThrownBy(() -> blocks(page))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("page.md:");
    }

    private static List<CommandBlock> blocks(String page) {
        return CommandBlock.of("page.md", page.lines().toList());
    }
}
