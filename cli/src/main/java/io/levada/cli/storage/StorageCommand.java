/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.storage;

import io.levada.cli.terminal.HelpCommand;
import picocli.CommandLine.Command;

/** The verbs on the files of a broker. */
@Command(
        name = "storage",
        header = {
            "Checks, shows and repairs the files of a data directory.",
            "",
            "  levada storage verify levada-data",
            "  levada storage dump levada-data --topic orders --partition 0",
            "  levada storage repair levada-data --topic orders --partition 0 --apply",
            ""
        },
        subcommands = {VerifyStorage.class, DumpStorage.class, RepairStorage.class, HelpCommand.class})
public final class StorageCommand {}
