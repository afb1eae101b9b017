/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of a file that grows, as {@code tail -F} sees them: a last line without its end waits, a file cut short is read
 * from its start again, and a file renamed away is read to its end before the one that took its name.
 *
 * <p>A file that is cut and outgrows the old position between two reads, or while nobody reads, cannot be told from one
 * that only grew: there is no trace of it in Kafka's offset format, which holds a byte position alone.
 */
final class TailedFile implements LineSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(TailedFile.class);

    private final Path path;
    private final FileSourceConfig config;
    private FileChannel channel;
    private @Nullable Object identity;
    private LineSplitter splitter;

    /**
     * Opens the file at a byte position; one past its end means that the file was cut, and starts at 0.
     *
     * @throws NoSuchFileException if the file is not there yet
     */
    TailedFile(Path path, FileSourceConfig config, long position) throws IOException {
        this.path = path;
        this.config = config;
        this.identity = identityOf(path);
        this.channel = open();
        this.splitter = splitterAt(position);
        channel.position(position);
    }

    @Override
    public List<Line> read(int linesMax) throws IOException {
        List<Line> lines = new ArrayList<>();
        while (lines.size() < linesMax) {
            String line = splitter.next();
            if (line != null) {
                lines.add(new Line(line, splitter.position()));
            } else if (!splitter.fill(this::readChannel)) {
                break;
            }
        }
        if (lines.isEmpty()) {
            followChanges(lines);
        }
        return lines;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void followChanges(List<Line> lines) throws IOException {
        if (channel.size() < channel.position()) {
            LOGGER.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("position", channel.position())
                    .addKeyValue("size", channel.size())
                    .log("file is shorter than what was read of it; reading it from its start");
            channel.position(0);
            splitter = splitterAt(0);
        } else if (replaced()) {
            LOGGER.atInfo().addKeyValue("file", path).log("file was replaced; reading the new one from its start");
            String last = splitter.rest();
            channel.close();
            identity = identityOf(path);
            channel = open();
            splitter = splitterAt(0);
            if (last != null) {
                lines.add(new Line(last, 0L));
            }
        }
    }

    /** Between two files of the same name there may be none: the old one goes on being read until the new one is there. */
    private boolean replaced() throws IOException {
        return identity != null && Files.exists(path) && !identity.equals(identityOf(path));
    }

    private FileChannel open() throws IOException {
        FileChannel opened = config.text().allowed().open(path, Set.of(StandardOpenOption.READ));
        if (!Files.isRegularFile(path)) {
            opened.close();
            throw new IOException(path + " is no regular file: name one, or leave out 'file' to read standard input");
        }
        return opened;
    }

    private LineSplitter splitterAt(long position) {
        return new LineSplitter(config.text().charset(), config.lineBytesMax(), position);
    }

    private int readChannel(byte[] into, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, offset, length));
    }

    /** What tells a file from another of the same name, or null where the file system has nothing of the kind. */
    private static @Nullable Object identityOf(Path path) throws IOException {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
