/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.simulation.disk;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessMode;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileAttributeView;
import java.nio.file.spi.FileSystemProvider;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What {@link java.nio.file.Files} and {@link FileChannel#open} come down to. */
final class DiskProvider extends FileSystemProvider {
    @Override
    public String getScheme() {
        return "simulated";
    }

    @Override
    public FileChannel newFileChannel(Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes)
            throws IOException {
        DiskPath at = (DiskPath) path;
        Node node = find(at);
        if (node instanceof FolderNode folder) {
            return new DiskChannel(at, folder, false);
        }
        if (node == null) {
            node = create(at, options);
        } else if (options.contains(StandardOpenOption.CREATE_NEW)) {
            throw new FileAlreadyExistsException(path.toString());
        }
        DiskChannel channel = new DiskChannel(at, node, options.contains(StandardOpenOption.APPEND));
        if (options.contains(StandardOpenOption.WRITE) && options.contains(StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.truncate(0);
        }
        return channel;
    }

    private static FileNode create(DiskPath path, Set<? extends OpenOption> options) throws IOException {
        if (!options.contains(StandardOpenOption.CREATE) && !options.contains(StandardOpenOption.CREATE_NEW)) {
            throw new NoSuchFileException(path.toString());
        }
        FileNode created = new FileNode();
        link(path, created);
        return created;
    }

    private static void link(DiskPath path, Node node) throws IOException {
        FolderNode parent = parent(path);
        step(path, "making " + path);
        node.modified(path.disk().nowMs());
        parent.link(name(path), node);
    }

    @Override
    public SeekableByteChannel newByteChannel(
            Path path, Set<? extends OpenOption> options, FileAttribute<?>... attributes) throws IOException {
        return newFileChannel(path, options, attributes);
    }

    @Override
    public DirectoryStream<Path> newDirectoryStream(Path path, DirectoryStream.Filter<? super Path> filter)
            throws IOException {
        if (!(required((DiskPath) path) instanceof FolderNode folder)) {
            throw new NotDirectoryException(path.toString());
        }
        // As of now: what is removed while it is walked through was still there.
        List<Path> found =
                List.copyOf(folder.names()).stream().map(path::resolve).toList();
        return new DirectoryStream<>() {
            @Override
            public Iterator<Path> iterator() {
                return found.iterator();
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public void createDirectory(Path path, FileAttribute<?>... attributes) throws IOException {
        DiskPath at = (DiskPath) path;
        if (find(at) != null) {
            throw new FileAlreadyExistsException(path.toString());
        }
        link(at, new FolderNode());
    }

    @Override
    public void delete(Path path) throws IOException {
        DiskPath at = (DiskPath) path;
        Node node = required(at);
        if (node instanceof FolderNode folder && !folder.isEmpty()) {
            throw new DirectoryNotEmptyException(path.toString());
        }
        step(at, "deleting " + at);
        parent(at).unlink(name(at));
    }

    @Override
    public void move(Path source, Path target, CopyOption... options) throws IOException {
        DiskPath from = (DiskPath) source;
        DiskPath to = (DiskPath) target;
        required(from);
        Node replaced = find(to);
        boolean replaces = Arrays.asList(options).contains(StandardCopyOption.REPLACE_EXISTING)
                || Arrays.asList(options).contains(StandardCopyOption.ATOMIC_MOVE);
        if (replaced != null && !replaces) {
            throw new FileAlreadyExistsException(target.toString());
        }
        if (replaced instanceof FolderNode folder && !folder.isEmpty()) {
            throw new DirectoryNotEmptyException(target.toString());
        }
        if (parent(from) != parent(to)) {
            throw new UnsupportedOperationException("moves between folders are not simulated");
        }
        step(from, "moving " + from + " to " + to);
        parent(from).rename(name(from), name(to));
    }

    @Override
    public void copy(Path source, Path target, CopyOption... options) {
        throw new UnsupportedOperationException("copies are not simulated");
    }

    @Override
    public boolean isSameFile(Path path, Path other) {
        return path.equals(other);
    }

    @Override
    public boolean isHidden(Path path) {
        return false;
    }

    @Override
    public FileStore getFileStore(Path path) {
        throw new UnsupportedOperationException("the room on a simulated disk is not known");
    }

    @Override
    public void checkAccess(Path path, AccessMode... modes) throws IOException {
        required((DiskPath) path);
    }

    @Override
    public <V extends FileAttributeView> @Nullable V getFileAttributeView(
            Path path, Class<V> type, LinkOption... options) {
        return type.isAssignableFrom(NodeTimes.class) ? type.cast(new NodeTimes((DiskPath) path)) : null;
    }

    @Override
    public <A extends BasicFileAttributes> A readAttributes(Path path, Class<A> type, LinkOption... options)
            throws IOException {
        return type.cast(new NodeAttributes(required((DiskPath) path)));
    }

    @Override
    public Map<String, Object> readAttributes(Path path, String attributes, LinkOption... options) {
        throw new UnsupportedOperationException("attributes by name are not simulated");
    }

    @Override
    public void setAttribute(Path path, String attribute, Object value, LinkOption... options) {
        throw new UnsupportedOperationException("attributes cannot be set on a simulated disk");
    }

    @Override
    public FileSystem newFileSystem(URI uri, Map<String, ?> environment) {
        throw new UnsupportedOperationException("make a SimulatedDisk");
    }

    @Override
    public FileSystem getFileSystem(URI uri) {
        throw new UnsupportedOperationException("ask a SimulatedDisk");
    }

    @Override
    public Path getPath(URI uri) {
        throw new UnsupportedOperationException("ask a SimulatedDisk");
    }

    private static void step(DiskPath path, String what) {
        path.disk().step(path.disk().process(), what);
    }

    private static String name(DiskPath path) {
        return path.names().get(path.names().size() - 1);
    }

    private static FolderNode parent(DiskPath path) throws IOException {
        Node parent = node(path.disk(), path.names().subList(0, path.names().size() - 1));
        if (parent instanceof FolderNode folder) {
            return folder;
        }
        throw new NoSuchFileException(path.toString());
    }

    static Node required(DiskPath path) throws IOException {
        Node node = find(path);
        if (node == null) {
            throw new NoSuchFileException(path.toString());
        }
        return node;
    }

    private static @Nullable Node find(DiskPath path) {
        path.disk().requireAlive(path.disk().process(), "a look at " + path);
        return node(path.disk(), ((DiskPath) path.toAbsolutePath().normalize()).names());
    }

    private static @Nullable Node node(SimulatedDisk disk, List<String> names) {
        Node node = disk.root();
        for (String name : names) {
            if (!(node instanceof FolderNode folder)) {
                return null;
            }
            node = folder.find(name);
        }
        return node;
    }
}
