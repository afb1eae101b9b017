/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills.hook;

import io.levada.it.kills.hook.Fuse.Strike;
import io.levada.it.kills.hook.Step.Kind;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Java's default file system, but for the {@link Fuse}. The JVM makes one, with the real provider. */
public final class MortalProvider extends FileSystemProvider {
    private final FileSystemProvider real;
    private final MortalFileSystem files;
    private final Fuse fuse = new Fuse(System.getProperty(Fuse.PROPERTY, ""));

    public MortalProvider(FileSystemProvider real) {
        this.real = real;
        this.files = new MortalFileSystem(this, real.getFileSystem(URI.create("file:///")));
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        Path at = real(path);
        if (!options.contains(StandardOpenOption.WRITE) && !options.contains(StandardOpenOption.APPEND)) {
            // A folder may be forced through it.
            return new MortalChannel(real.newFileChannel(at, options, attributes), path.toString(), fuse);
        }
        Strike strike = Files.exists(at) ? Strike.NONE : fuse.before(Step.of(Kind.MAKE, path.toString()));
        FileChannel channel = real.newFileChannel(at, options, attributes);
        strike.now();
        return new MortalChannel(channel, path.toString(), fuse);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        Strike strike = fuse.before(Step.of(Kind.MAKE, path.toString()));
        real.createDirectory(real(path), attributes);
        strike.now();
    }

    @Override
    public void delete(Path path) throws IOException {
        Strike strike = fuse.before(Step.of(Kind.DELETE, path.toString()));
        real.delete(real(path));
        strike.now();
    }

    @Override
    public boolean deleteIfExists(Path path) throws IOException {
        if (!Files.exists(real(path), LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        delete(path);
        return true;
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        Strike strike = fuse.before(Step.move(source.toString(), target.toString()));
        real.move(real(source), real(target), options);
        strike.now();
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        DirectoryStream<Path> found = real.newDirectoryStream(real(path), each -> filter.accept(files.mortal(each)));
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                Iterator<Path> each = found.iterator();
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return each.hasNext();
                    }

                    @Override
                    public Path next() {
                        return files.mortal(each.next());
                    }
                };
            }

            @Override
            public void close() throws IOException {
                found.close();
            }
        };
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) throws IOException {
        real.copy(real(source), real(target), options);
    }

    @Override
    public void createSymbolicLink(Path link, Path target, FileAttribute<?>... attributes) throws IOException {
        real.createSymbolicLink(real(link), real(target), attributes);
    }

    @Override
    public void createLink(Path link, Path existing) throws IOException {
        real.createLink(real(link), real(existing));
    }

    @Override
    public Path readSymbolicLink(Path link) throws IOException {
        return files.mortal(real.readSymbolicLink(real(link)));
    }

    @Override
    public boolean isSameFile(Path path, Path other) throws IOException {
        return real.isSameFile(real(path), real(other));
    }

    @Override
    public boolean isHidden(Path path) throws IOException {
        return real.isHidden(real(path));
    }

    @Override
    public FileStore getFileStore(Path path) throws IOException {
        return real.getFileStore(real(path));
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        real.checkAccess(real(path), modes);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return real.getFileAttributeView(real(path), type, options);
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return real.readAttributes(real(path), type, options);
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) throws IOException {
        return real.readAttributes(real(path), attributes, options);
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) throws IOException {
        real.setAttribute(real(path), attribute, value, options);
    }

    @Override
    public String getScheme() {
        return real.getScheme();
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) throws IOException {
        return real.newFileSystem(uri, environment);
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        return files;
    }

    @Override
    public Path getPath(URI uri) {
        return files.mortal(real.getPath(uri));
    }

    private static Path real(Path path) {
        return MortalPath.real(path);
    }
}
