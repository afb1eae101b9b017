/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import io.zonky.test.db.postgres.embedded.PgBinaryResolver;
import io.zonky.test.db.postgres.util.LinuxUtils;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * PostgreSQL's programs, in a folder that nobody but its owner may enter. The library unpacks them into a folder that it makes
 * writable for everybody, by default in the system's temporary folder, where any user of the machine could swap them; inside ours
 * nobody gets to it.
 */
final class PostgresBinaries implements PgBinaryResolver {

    /** Unpacked, with what a database needs when it is new. */
    private static final long BYTES_NEEDED = 250L << 20;

    private static final String COMPLETE = ".exists";

    private final Path folder;

    private PostgresBinaries(Path folder) {
        this.folder = folder;
    }

    /** Makes the folder ready for the library to unpack into; what a kill left half unpacked is removed, as it would stay so. */
    static PostgresBinaries in(Path folder) throws IOException {
        refuseRoot();
        OwnerOnly.secureFolder(folder);
        for (Path version : versions(folder)) {
            if (!Files.exists(version.resolve(COMPLETE))) {
                DemoFolder.delete(version);
            }
        }
        if (versions(folder).isEmpty()) {
            requireSpace(folder);
        }
        return new PostgresBinaries(folder);
    }

    /** Where the library is to unpack. */
    Path workingFolder() {
        return unpacked(folder);
    }

    /** The library's own; but an object of its own a folder, for the library unpacks once a process for all servers of one resolver. */
    @Override
    public InputStream getPgBinary(String system, String architecture) throws IOException {
        return DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, architecture);
    }

    /**
     * Runs statements as the superuser on a database that no server runs over, and waits for the end.
     *
     * @throws IOException if one fails, with what the program printed
     */
    void execute(Path data, String statements) throws IOException {
        List<String> command = new ArrayList<>();
        if (LinuxUtils.isUnshareAvailable()) { // PostgreSQL refuses to run as root; the library starts it the same way.
            command.addAll(List.of("unshare", "-U"));
        }
        command.addAll(List.of(program("postgres"), "--single", "-D", data.toString(), "postgres"));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream input = process.getOutputStream()) {
            input.write(statements.getBytes(StandardCharsets.UTF_8));
        }
        String printed;
        try (InputStream output = process.getInputStream()) {
            printed = new String(output.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (exitCode(process) != 0 || printed.contains("ERROR:")) {
            throw new IOException("PostgreSQL could not prepare its database in " + data + ": " + printed.strip());
        }
    }

    private String program(String name) throws IOException {
        for (Path version : versions(folder)) {
            Path program = version.resolve("bin").resolve(name);
            if (Files.isExecutable(program)) {
                return program.toString();
            }
        }
        throw new IOException("PostgreSQL was not unpacked whole into " + folder);
    }

    private static Path unpacked(Path folder) {
        return folder.resolve("unpacked");
    }

    private static List<Path> versions(Path folder) throws IOException {
        if (!Files.isDirectory(unpacked(folder))) {
            return List.of();
        }
        try (Stream<Path> versions = Files.list(unpacked(folder))) {
            return versions.filter(Files::isDirectory).toList();
        }
    }

    /** The library goes on after a write that failed, and then nothing says what is wrong. */
    private static void requireSpace(Path folder) throws IOException {
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < BYTES_NEEDED) {
            throw new DemoProblem(
                    "the disk of " + folder.getParent() + " has " + (free >> 20) + " MiB left, and PostgreSQL needs "
                            + (BYTES_NEEDED >> 20),
                    "Free some, or give --dir a folder on another disk.");
        }
    }

    private static void refuseRoot() throws IOException {
        if ("root".equals(System.getProperty("user.name")) && !LinuxUtils.isUnshareAvailable()) {
            throw new DemoProblem(
                    "PostgreSQL does not run as root, and this system does not let root start it in a user namespace"
                            + " (unshare -U fails)",
                    "Run the demo as another user.");
        }
    }

    private static int exitCode(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while PostgreSQL prepared its database", e);
        }
    }
}
