/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Standard output that tells when it cannot be written to. The JVM ignores SIGPIPE, and {@link System#out} keeps failures to itself: a
 * command would go on for ever after its reader has left.
 */
public final class StandardOutput extends OutputStream {
    private static final String BROKEN_PIPE = "Broken pipe";
    private static final Path OWN_STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    /** Its size is given as a page, its content is some bytes: reading at its end gives none. */
    private static final Path NEARLY_EMPTY = Path.of("/sys/devices/system/cpu/online");

    /** Of the mode that stat(2) gives: the part that says what kind of file it is, and the kind that pipes are. */
    private static final int FILE_TYPE = 0170000;

    private static final int FIFO = 0010000;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);
    private final Consumer<IOException> whenFailed;
    private final boolean pipe = isPipe();

    /** @param whenFailed is told why nothing more can be written, on the thread that tried; it may end the process */
    public StandardOutput(Consumer<IOException> whenFailed) {
        this.whenFailed = whenFailed;
    }

    /** Whether the reader has left, rather than that a disk is full. */
    public static boolean isBrokenPipe(IOException failure) {
        return BROKEN_PIPE.equals(failure.getMessage());
    }

    @Override
    public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
        try {
            out.write(bytes, from, length);
        } catch (IOException failure) {
            whenFailed.accept(failure);
            throw failure;
        }
    }

    /**
     * Nothing is kept back here, so nothing has to be flushed; but a command that waits flushes, and is told that the reader of its pipe
     * has left even if there is nothing to write. Only Linux can say so without a write: it refuses to move even no bytes at all into a
     * pipe that nobody reads. Elsewhere the next write notices.
     */
    @Override
    public void flush() {
        if (!pipe || !Files.isReadable(NEARLY_EMPTY)) {
            return;
        }
        try (FileChannel nothing = FileChannel.open(NEARLY_EMPTY)) {
            if (nothing.size() > 1) {
                nothing.transferTo(nothing.size() - 1, 1, out.getChannel());
            }
        } catch (IOException failure) {
            // Any other failure is one of the question, not of standard output.
            if (isBrokenPipe(failure)) {
                whenFailed.accept(failure);
            }
        }
    }

    private static boolean isPipe() {
        try {
            int mode = (Integer) Files.getAttribute(OWN_STANDARD_OUTPUT, "unix:mode");
            return (mode & FILE_TYPE) == FIFO;
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException notLinux) {
            return false;
        }
    }
}
