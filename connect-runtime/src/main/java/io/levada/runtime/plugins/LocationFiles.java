/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Reads the files inside one jar or class folder. */
final class LocationFiles {
    private LocationFiles() {}

    /** Takes one file's content. */
    interface Visitor {
        void visit(String name, byte[] content) throws IOException;
    }

    /** Visits every file whose name (with slashes, relative to the root) is wanted. */
    static void visit(Path root, Predicate<String> wanted, Visitor visitor) throws IOException {
        if (Files.isDirectory(root)) {
            visitFolder(root, wanted, visitor);
        } else {
            visitJar(root, wanted, visitor);
        }
    }

    private static void visitFolder(Path root, Predicate<String> wanted, Visitor visitor) throws IOException {
        for (Path file : FollowedFiles.below(root)) {
            String name = root.relativize(file).toString().replace('\\', '/');
            if (wanted.test(name)) {
                visitor.visit(name, Files.readAllBytes(file));
            }
        }
    }

    private static void visitJar(Path jar, Predicate<String> wanted, Visitor visitor) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                if (!entry.isDirectory() && wanted.test(entry.getName())) {
                    try (InputStream in = zip.getInputStream(entry)) {
                        visitor.visit(entry.getName(), in.readAllBytes());
                    }
                }
            }
        }
    }
}
