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
        assertThat(inAMessage("/opt/my tools/levada", "'levada worker'"))
                .isEqualTo("'\"/opt/my tools/levada\" worker'");
    }

    @Test
    void aScriptThatWasGivenToAShellIsCalledByItsFolder() {
        assertThat(CommandName.from("pom.xml", PATH)).isEqualTo("./pom.xml");
        assertThat(CommandName.from("levada-elsewhere", PATH)).isEqualTo("levada-elsewhere");
    }

    @Test
    void withoutTheStartScriptItIsThePlainName() {
        assertThat(CommandName.from(null, PATH)).isEqualTo("levada");
    }

    @Test
    void everyCommandInAMessageIsWrittenSo() {
        assertThat(inAMessage("./levada", "'levada worker' or 'levada'; levada is a channel"))
                .isEqualTo("'./levada worker' or './levada'; levada is a channel");
    }

    private static String inAMessage(String called, String message) {
        System.setProperty("levada.command", called);
        try {
            return CommandName.typed(message);
        } finally {
            System.clearProperty("levada.command");
        }
    }
}
