/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.ProviderMismatchException;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import org.jspecify.annotations.Nullable;

/** A real path that says it belongs to {@link MortalFileSystem}. */
final class MortalPath implements Path {
    private final MortalFileSystem files;
    private final Path real;

    MortalPath(MortalFileSystem files, Path real) {
        this.files = files;
        this.real = real;
    }

    static Path real(Path path) {
        if (path instanceof MortalPath mortal) {
            return mortal.real;
        }
        throw new ProviderMismatchException(path + " is of another file system");
    }

    private Path mortal(Path path) {
        return files.mortal(path);
    }

    private @Nullable Path mortalIfAny(@Nullable Path path) {
        return path == null ? null : files.mortal(path);
    }

    @Override
    public FileSystem getFileSystem() {
        return files;
    }

    @Override
    public boolean isAbsolute() {
        return real.isAbsolute();
    }

    @Override
    public @Nullable Path getRoot() {
        return mortalIfAny(real.getRoot());
    }

    @Override
    public @Nullable Path getFileName() {
        return mortalIfAny(real.getFileName());
    }

    @Override
    public @Nullable Path getParent() {
        return mortalIfAny(real.getParent());
    }

    @Override
    public int getNameCount() {
        return real.getNameCount();
    }

    @Override
    public Path getName(int index) {
        return mortal(real.getName(index));
    }

    @Override
    public Path subpath(int begin, int end) {
        return mortal(real.subpath(begin, end));
    }

    @Override
    public boolean startsWith(Path other) {
        return other instanceof MortalPath path && real.startsWith(path.real);
    }

    @Override
    public boolean endsWith(Path other) {
        return other instanceof MortalPath path && real.endsWith(path.real);
    }

    @Override
    public Path normalize() {
        return mortal(real.normalize());
    }

    @Override
    public Path resolve(Path other) {
        return mortal(real.resolve(real(other)));
    }

    @Override
    public Path relativize(Path other) {
        return mortal(real.relativize(real(other)));
    }

    @Override
    public URI toUri() {
        return real.toUri();
    }

    @Override
    public Path toAbsolutePath() {
        return mortal(real.toAbsolutePath());
    }

    @Override
    public Path toRealPath(LinkOption... options) throws IOException {
        return mortal(real.toRealPath(options));
    }

    @Override
    public WatchKey register(WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers)
            throws IOException {
        return real.register(watcher, events, modifiers);
    }

    @Override
    public int compareTo(Path other) {
        return real.compareTo(real(other));
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof MortalPath path && real.equals(path.real);
    }

    @Override
    public int hashCode() {
        return real.hashCode();
    }

    @Override
    public String toString() {
        return real.toString();
    }
}
