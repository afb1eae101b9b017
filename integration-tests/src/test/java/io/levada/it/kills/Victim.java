/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.it.kills;

import io.levada.it.kills.hook.Charge;
import io.levada.it.kills.hook.Fuse;
import io.levada.it.kills.hook.MortalProvider;
import io.levada.it.testkit.FreePort;
import io.levada.it.testkit.LevadaProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code levada broker} of the distribution, on a port and a folder that outlive it, with a {@link Fuse} in it. */
final class Victim implements AutoCloseable {
    private static final Duration START_MAX = Duration.ofMinutes(3);
    private static final Duration END_MAX = Duration.ofMinutes(2);
    private static final int SIGKILL = 137;

    private final int port = FreePort.next();
    private final Path fuse;
    private final LevadaProcess process;

    /** Starts it with small segments, so that much happens in little time. */
    Victim(Path folder) throws IOException {
        this.fuse = folder.resolve("fuse");
        this.process = LevadaProcess.run(
                folder,
                Map.of("LEVADA_JSA", "off", "LEVADA_OPTS", options(hookClasses(folder.resolve("hook")))),
                "broker",
                "-o",
                "data.dir=" + folder.resolve("data"),
                "-o",
                "broker.listeners=PLAINTEXT://127.0.0.1:" + port,
                "-o",
                "broker.auto.create.topics.enable=false",
                "-o",
                "broker.log.cleaner.backoff.ms=50",
                "-o",
                "broker.offsets.topic.segment.bytes=20000",
                "-o",
                "broker.transaction.state.log.num.partitions=3",
                "-o",
                "broker.transaction.state.log.segment.bytes=20000");
    }

    private String options(Path classes) {
        return String.join(
                " ",
                List.of(
                        "-Xmx256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Xbootclasspath/a:" + classes,
                        "-Djava.nio.file.spi.DefaultFileSystemProvider=" + MortalProvider.class.getName(),
                        "-D" + Fuse.PROPERTY + "=" + fuse));
    }

    /** Only the classes that are needed in the process, in a folder of their own. */
    private static Path hookClasses(Path target) throws IOException {
        Path source = Path.of(MortalProvider.class.getName().replace('.', '/')).getParent();
        try {
            Path root = Path.of(MortalProvider.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path folder = Files.createDirectories(target.resolve(String.valueOf(source)));
            try (Stream<Path> classes = Files.list(root.resolve(String.valueOf(source)))) {
                for (Path each : classes.toList()) {
                    Files.copy(
                            each,
                            folder.resolve(String.valueOf(each.getFileName())),
                            StandardCopyOption.REPLACE_EXISTING);
                }
            }
            return target;
        } catch (URISyntaxException e) {
            throw new IOException(e);
        }
    }

    String address() {
        return "127.0.0.1:" + port;
    }

    /** Waits until it takes connections, which is when all is recovered. */
    void awaitServing() throws InterruptedException {
        long deadline = System.nanoTime() + START_MAX.toNanos();
        while (!isServing()) {
            if (!process.alive() || System.nanoTime() > deadline) {
                throw new AssertionError("the broker did not start:\n" + process.output());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    private boolean isServing() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) START_MAX.toMillis());
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    void kill() {
        process.kill();
    }

    /** Ends it from within, and tells at which step; the load has to bring it there. */
    String strike(Charge charge) throws IOException {
        Path draft = Files.writeString(fuse.resolveSibling("fuse.draft"), charge.text());
        Files.move(draft, fuse, StandardCopyOption.ATOMIC_MOVE);
        int code = process.exitCode(END_MAX);
        if (code != SIGKILL) {
            throw new AssertionError("the broker ended with " + code + ":\n" + process.output());
        }
        Files.delete(fuse);
        return Files.readString(fuse.resolveSibling(fuse.getFileName() + Fuse.STRUCK));
    }

    void startAgain() {
        process.startAgain();
    }

    /** What it told an operator to act upon, over all its lives; a kill is nothing of that kind. */
    List<String> errors() {
        return process.output().lines().filter(line -> line.contains(" ERROR ")).toList();
    }

    @Override
    public void close() {
        process.close();
    }
}
