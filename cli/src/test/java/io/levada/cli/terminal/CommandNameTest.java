/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class CommandNameTest {
    private static final String PATH = "/usr/local/bin:/usr/bin";

    @Test
    void aPathIsRepeatedAsTheUserTypedIt() {
        assertThat(CommandName.from("./levada", PATH)).isEqualTo("./levada");
        assertThat(CommandName.from("/opt/levada/bin/levada", PATH)).isEqualTo("/opt/levada/bin/levada");
    }

    @Test
    void whatTheShellFoundOnItsPathNeedsNoFolder() {
        assertThat(CommandName.from("/usr/local/bin/levada", PATH)).isEqualTo("levada");
    }

    @Test
    void aFolderWithASpaceIsQuoted() {
        assertThat(CommandName.from("/opt/my tools/levada", PATH)).isEqualTo("\"/opt/my tools/levada\"");
    }

    @Test
    void withoutTheStartScriptItIsThePlainName() {
        assertThat(CommandName.from(null, PATH)).isEqualTo("levada");
    }

    @Test
    void everyCommandInAMessageIsWrittenSo() {
        System.setProperty("levada.command", "./levada");
        try {
            assertThat(CommandName.typed("'levada worker' or 'levada'; levada is a channel"))
                    .isEqualTo("'./levada worker' or './levada'; levada is a channel");
        } finally {
            System.clearProperty("levada.command");
        }
    }
}
