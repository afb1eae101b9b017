/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lines of a file that grows, as {@code tail -F} sees them: a last line without its end waits, and a file cut short is read
 * from its start again.
 *
 * <p>A file that was renamed away is read on for as long as its writer may still have it open: until it has not changed for
 * {@code file.rotation.wait.ms}. Then those that took its name come, each once, also those that were rotated away in their turn
 * meanwhile, or while nobody read. Offsets name the file that they are of, so a restart finds it under its new name.
 *
 * <p>What cannot be told: a file that was cut and has grown beyond the old position with the same first bytes; and what a
 * rotation by copying and cutting ({@code copytruncate}) cut off before it was read, which {@code tail -F} misses too.
 */
final class TailedFile implements LineSource {
    private static final Logger LOGGER = LoggerFactory.getLogger(TailedFile.class);

    private final Path path;
    private final FileSourceConfig config;
    private final Siblings siblings;
    private final InstantSource clock;
    private FileChannel channel;
    private @Nullable String key;
    /** When the file was last written to, as of the last look at it under its name. */
    private FileTime written;

    private LineSplitter splitter;
    private @Nullable FileIdentity identity;
    private boolean idle;
    private long unchangedSinceMs;
    private long lastSize = -1;

    /**
     * Opens the file where the stored offset says; one past its end means that the file was cut, and starts at 0.
     *
     * @param stored the offset to go on from, or null to begin with the file that has the name now
     * @throws NoSuchFileException if the file is not there yet
     */
    TailedFile(Path path, FileSourceConfig config, @Nullable Map<String, ?> stored, InstantSource clock)
            throws IOException {
        this.path = path;
        this.config = config;
        this.siblings = new Siblings(path, config.text().allowed());
        this.clock = clock;
        FileIdentity known = FileOffset.identity(stored);
        Opened start = open(known == null ? path : whereverItIs(known));
        this.channel = start.channel();
        this.key = start.found().key();
        this.written = start.found().written();
        long position = FileOffset.position(path.toString(), stored);
        if (known != null && !known.is(key, channel)) {
            LOGGER.atWarn()
                    .addKeyValue("file", path)
                    .addKeyValue("position", position)
                    .addKeyValue("was", known)
                    .addKeyValue(
                            "rotated",
                            siblings.rotated().stream()
                                    .map(Siblings.Found::file)
                                    .toList())
                    .log("file is another than the one read before, which is gone from its folder, or was written anew:"
                            + " what it held after the position is not read, nor files that were rotated since; reading the"
                            + " new one from its start");
            position = 0;
        }
        this.splitter = splitterAt(position);
        channel.position(position);
    }

    @Override
    public List<Line> read(int linesMax) throws IOException {
        List<Line> lines = new ArrayList<>();
        while (lines.size() < linesMax) {
            String line = splitter.next();
            if (line != null) {
                lines.add(new Line(line, nextOffset()));
            } else if (!fill()) {
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

    /** After a pause the file may have been cut and have grown again: then what comes is not the rest of what was read. */
    private boolean fill() throws IOException {
        if (idle && channel.size() > channel.position() && identity != null && !identity.beginsAlike(channel)) {
            beginAnew("file was cut and written anew; reading it from its start");
        }
        idle = !splitter.fill(this::readChannel);
        return !idle;
    }

    private void followChanges(List<Line> lines) throws IOException {
        if (channel.size() < channel.position()) {
            beginAnew("file is shorter than what was read of it; reading it from its start");
        } else if (replaced() && leftAlone()) {
            goOnWithTheNext(lines);
        }
    }

    private void beginAnew(String why) throws IOException {
        LOGGER.atWarn()
                .addKeyValue("file", path)
                .addKeyValue("position", channel.position())
                .addKeyValue("size", channel.size())
                .log(why);
        channel.position(0);
        identity = null;
        splitter = splitterAt(0);
    }

    private void goOnWithTheNext(List<Line> lines) throws IOException {
        Siblings.Found next = siblings.after(String.valueOf(key), written);
        Opened opened = open(next.file());
        if (!Objects.equals(opened.found().key(), next.key())) {
            opened.channel().close();
            return; // another rotation came between: the next look sees it whole
        }
        String last = splitter.rest();
        if (last != null) {
            lines.add(new Line(last, nextOffset()));
        }
        channel.close();
        channel = opened.channel();
        key = next.key();
        written = next.written();
        identity = null;
        lastSize = -1;
        splitter = splitterAt(0);
        LOGGER.atInfo()
                .addKeyValue("file", path)
                .addKeyValue("next", next.file())
                .log("file was replaced and read to its end; reading the next one from its start");
    }

    /** Between two files of the same name there may be none: the old one goes on being read until the new one is there. */
    private boolean replaced() throws IOException {
        Siblings.Found named = Siblings.at(path);
        if (key == null || named == null) {
            return false;
        }
        if (key.equals(named.key())) {
            written = named.written();
            return false;
        }
        return true;
    }

    /** Whether nobody has written to the file for a while: its writer may go on with it long after it was renamed. */
    private boolean leftAlone() throws IOException {
        long now = clock.millis();
        if (channel.size() != lastSize) {
            lastSize = channel.size();
            unchangedSinceMs = now;
        }
        return now - unchangedSinceMs >= config.rotationWaitMs();
    }

    /** The file under its present name, if a rotation gave it another. */
    private Path whereverItIs(FileIdentity known) throws IOException {
        Siblings.Found named = Siblings.at(path);
        if (named != null && known.key().equals(named.key())) {
            return path;
        }
        Path found = siblings.find(known);
        return found == null ? path : found;
    }

    private Map<String, ?> nextOffset() throws IOException {
        // How the file begins is looked at again while there is more of it to look at.
        if (identity == null || identity.headBytes() < FileIdentity.HEAD_BYTES_MAX) {
            identity = FileIdentity.of(key, channel, channel.position());
        }
        return FileOffset.offset(splitter.position(), identity);
    }

    private record Opened(FileChannel channel, Siblings.Found found) {}

    /** Opens a file, and knows it for what it is: its name may go to another at any moment. */
    private Opened open(Path file) throws IOException {
        Siblings.Found before = Siblings.at(file);
        FileChannel opened = config.text().allowed().open(file, Set.of(StandardOpenOption.READ));
        Siblings.Found found = Siblings.at(file);
        if (before == null || found == null || !Objects.equals(before.key(), found.key())) {
            opened.close();
            throw new NoSuchFileException(file + " was renamed while it was opened");
        }
        if (!Files.isRegularFile(file)) {
            opened.close();
            throw new IOException(file + " is no regular file: name one, or leave out 'file' to read standard input");
        }
        return new Opened(opened, found);
    }

    private LineSplitter splitterAt(long position) {
        return new LineSplitter(config.text().charset(), config.lineBytesMax(), position);
    }

    private int readChannel(byte[] into, int offset, int length) throws IOException {
        return channel.read(ByteBuffer.wrap(into, offset, length));
    }
}
