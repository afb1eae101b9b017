/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/** Files and folders that nobody but their owner may read, write or enter, where the file system knows such permissions. */
final class OwnerOnly {
    private static final Set<PosixFilePermission> FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OTHERS_WRITE =
            Set.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    private static final Set<PosixFilePermission> FILE = PosixFilePermissions.fromString("rw-------");

    private OwnerOnly() {}

    /** Makes the folder and those above it; one that exists is left as it is. */
    static void createFolder(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(folder, attributes(folder, FOLDER));
    }

    /** Makes a file whose content is for its owner; fails if there is one. */
    static void createFile(Path file, String content) throws IOException {
        Files.createFile(file, attributes(file, FILE));
        Files.writeString(file, content);
    }

    /**
     * Makes sure of a folder from which programs are run: it is this user's, and nobody else may enter it.
     *
     * @throws DemoProblem if it is somebody else's, or no folder
     */
    static void secureFolder(Path folder) throws IOException {
        createFolder(folder);
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            throw new DemoProblem(
                    folder + " is a symbolic link",
                    "Remove it: programs are run only from a folder of the demo's own.");
        }
        if (!isPosix(folder)) {
            return;
        }
        refuseOthers(folder);
        Files.setPosixFilePermissions(folder, FOLDER);
    }

    /**
     * Makes sure that a folder is this user's, and that nobody else may rename or lay anything in it, for then another folder would soon stand in
     * the place of one that was checked. Others may go on reading what they could.
     *
     * @throws DemoProblem if it is somebody else's
     */
    static void refuseOthers(Path folder) throws IOException {
        if (!isPosix(folder)) {
            return;
        }
        Path probe = Files.createTempFile(folder, "owner", null);
        try {
            if (!Files.getOwner(folder, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(probe))) {
                throw new DemoProblem(
                        folder + " belongs to " + Files.getOwner(folder),
                        "Programs are run only from a folder of one's own: give --dir another folder.");
            }
        } finally {
            Files.delete(probe);
        }
        Set<PosixFilePermission> permissions = EnumSet.copyOf(Files.getPosixFilePermissions(folder));
        if (permissions.removeAll(OTHERS_WRITE)) {
            Files.setPosixFilePermissions(folder, permissions);
        }
    }

    private static FileAttribute<?>[] attributes(Path path, Set<PosixFilePermission> permissions) throws IOException {
        return isPosix(path)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(permissions)}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) throws IOException {
        Path existing = path;
        for (Path above = path; above != null; above = above.getParent()) {
            existing = above;
            if (Files.exists(above)) {
                break;
            }
        }
        FileStore store = Files.getFileStore(existing);
        return store.supportsFileAttributeView("posix");
    }
}
