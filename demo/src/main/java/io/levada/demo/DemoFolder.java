/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The folder that a demo keeps everything in, held for one process until it is closed.
 *
 * <p>A folder is the demo's if it carries {@value #MARKER}, which the demo writes when it makes the folder or is given an empty one.
 * Any other is refused, so that neither a file is laid nor one is deleted among what belongs to somebody else. What is deleted is
 * only ever what the demo itself makes, by name.
 */
final class DemoFolder implements AutoCloseable {

    static final String MARKER = ".levada-demo";

    private static final String CONNECTIONS = "connections.properties";
    private static final Set<String> MADE_HERE =
            Set.of(CONNECTIONS, CONNECTIONS + ".new", "data", "files", "postgres", "postgres-binaries", "s3");
    private static final int ENTRIES_NAMED_MAX = 3;

    private final Path path;
    private final FileChannel held;

    private DemoFolder(Path path, FileChannel held) {
        this.path = path;
        this.held = held;
    }

    /**
     * Takes the folder, and makes it if it is not there.
     *
     * @param path absolute and normalized
     * @throws DemoProblem if it is not the demo's, or another demo runs over it
     */
    static DemoFolder claim(Path path) throws IOException {
        refuseLink(path);
        refuseHome(path);
        refuseInsideAnother(path);
        mark(path);
        OwnerOnly.refuseOthers(path);
        return new DemoFolder(path, hold(path));
    }

    Path path() {
        return path;
    }

    /** The broker's and the worker's. */
    Path data() {
        return path.resolve("data");
    }

    Path file() {
        return path.resolve("files").resolve("orders.jsonl");
    }

    Path postgres() {
        return path.resolve("postgres");
    }

    Path postgresBinaries() {
        return path.resolve("postgres-binaries");
    }

    Path s3() {
        return path.resolve("s3");
    }

    /** Addresses, users and passwords of the database and of S3. */
    Path connections() {
        return path.resolve(CONNECTIONS);
    }

    /**
     * Deletes what earlier demos made here. Symbolic links are deleted themselves, never what they point to.
     *
     * @return what stays, since the demo did not make it
     */
    List<Path> empty() throws IOException {
        for (String name : MADE_HERE) {
            delete(path.resolve(name));
        }
        return entries(path).stream().filter(entry -> !entry.endsWith(MARKER)).toList();
    }

    /** Deletes a file or a folder with all in it; nothing happens if it is not there. */
    static void delete(Path doomed) throws IOException {
        if (!Files.exists(doomed, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(doomed)) {
            for (Path each : paths.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    /** Lets another process have it. */
    @Override
    public void close() throws IOException {
        held.close();
    }

    private static void refuseLink(Path path) throws IOException {
        if (Files.isSymbolicLink(path)) {
            throw new DemoProblem(
                    path + " is a symbolic link to " + Files.readSymbolicLink(path),
                    "Give --dir the folder itself, or the name of a new one.");
        }
    }

    /** Also when it is empty: one day it would hold more than the demo. */
    private static void refuseHome(Path path) throws IOException {
        Path home = real(Path.of(System.getProperty("user.home")));
        if (home.startsWith(real(path))) {
            throw new DemoProblem(
                    path + " is your home folder, or holds it",
                    "Give --dir a folder of the demo's own, such as " + home.resolve("levada-demo") + ".");
        }
    }

    private static void refuseInsideAnother(Path path) throws IOException {
        for (Path above = path.getParent(); above != null; above = above.getParent()) {
            if (isMarked(above)) {
                throw new DemoProblem(
                        path + " lies inside " + above + ", which is a demo's folder itself",
                        "Give --dir " + above + " to go on there, or the name of a new folder elsewhere.");
            }
        }
    }

    private static void mark(Path path) throws IOException {
        if (isMarked(path)) {
            return;
        }
        if (Files.exists(path) && !Files.isDirectory(path)) {
            throw new DemoProblem(path + " is a file", "Give --dir the name of a folder.");
        }
        List<Path> strangers = Files.exists(path) ? entries(path) : List.of();
        if (!strangers.isEmpty()) {
            throw new DemoProblem(
                    path + " is not a demo's folder: it holds " + named(strangers) + ", and no file " + MARKER,
                    "Give --dir a new or an empty folder."
                            + (isOfAnEarlierVersion(strangers)
                                    ? " If an earlier version's demo made this one, make it the demo's: touch "
                                            + ShellWord.quoted(
                                                    path.resolve(MARKER).toString())
                                    : ""));
        }
        OwnerOnly.createFolder(path);
        try {
            Files.writeString(
                    path.resolve(MARKER),
                    "Made by levada demo. With --fresh it deletes here what it has made: "
                            + String.join(", ", MADE_HERE.stream().sorted().toList()) + ".\n",
                    StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException raced) {
            // Another demo has just made it; only one of the two gets to hold it.
        }
    }

    /** Nobody is to be told to hand over a folder of their own: with the marker, --fresh would delete what is called as ours is. */
    private static boolean isOfAnEarlierVersion(List<Path> entries) {
        List<String> names = entries.stream()
                .map(entry -> String.valueOf(entry.getFileName()))
                .toList();
        return MADE_HERE.containsAll(names) && names.contains("postgres");
    }

    private static boolean isMarked(Path folder) {
        return Files.isRegularFile(folder.resolve(MARKER), LinkOption.NOFOLLOW_LINKS);
    }

    private static FileChannel hold(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(path.resolve(MARKER), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
        boolean locked = false;
        try {
            locked = channel.tryLock() != null;
        } catch (OverlappingFileLockException sameProcess) {
            // Not locked by us; told below.
        } finally {
            if (!locked) {
                channel.close();
            }
        }
        if (!locked) {
            throw new DemoProblem(
                    "another demo is running in " + path, "End that one first, or give --dir another folder.");
        }
        return channel;
    }

    private static List<Path> entries(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }

    private static String named(List<Path> entries) {
        String names = String.join(
                ", ",
                entries.stream()
                        .limit(ENTRIES_NAMED_MAX)
                        .map(entry -> String.valueOf(entry.getFileName()))
                        .toList());
        return entries.size() > ENTRIES_NAMED_MAX ? names + " and more" : names;
    }

    /** With the links of the part that exists followed. */
    private static Path real(Path path) throws IOException {
        Path parent = path.getParent();
        @Nullable Path name = path.getFileName();
        if (Files.exists(path) || parent == null || name == null) {
            try {
                return path.toRealPath();
            } catch (FileSystemLoopException loop) {
                return path;
            }
        }
        return real(parent).resolve(name);
    }
}
