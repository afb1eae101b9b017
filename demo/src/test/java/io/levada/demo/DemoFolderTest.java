/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DemoFolderTest {

    @TempDir
    private Path folder;

    @Test
    void aFolderThatIsNotThereIsMadeForItsOwnerAlone() throws IOException {
        Path path = folder.resolve("a/b/demo");

        DemoFolder.claim(path).close();

        assertThat(path.resolve(DemoFolder.MARKER)).isRegularFile();
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(path)))
                .isEqualTo("rwx------");
    }

    @Test
    void anEmptyFolderIsTakenAndOneOfADemoIsTakenAgain() throws IOException {
        DemoFolder.claim(folder).close();
        Files.createDirectories(folder.resolve("data"));

        try (DemoFolder again = DemoFolder.claim(folder)) {
            assertThat(again.path()).isEqualTo(folder);
        }
    }

    @Test
    void nobodyElseMayReplaceWhatTheDemoRunsFromItsFolder() throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));

        DemoFolder.claim(folder).close();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)))
                .isEqualTo("rwxr-xr-x");
    }

    @Test
    void aFolderOfAnotherUserIsRefused() throws IOException {
        assumeThat(System.getProperty("user.name"))
                .as("only root can give a folder away")
                .isEqualTo("root");
        Files.setOwner(
                folder, folder.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName("nobody"));

        assertRefused(folder, folder.toString(), "belongs to nobody");
    }

    @Test
    void aFolderOfAnEarlierVersionIsRefusedWithTheCommandThatHandsItOver() throws IOException {
        Path old = Files.createDirectories(folder.resolve("the demo"));
        for (String name : List.of("data", "files", "postgres", "s3")) {
            Files.createDirectories(old.resolve(name));
        }
        assertRefused(old, "touch '" + old.resolve(DemoFolder.MARKER) + "'");
    }

    @Test
    void aStrangersFolderIsRefusedByNameAndStaysAsItIs() throws IOException {
        Path thesis = Files.writeString(folder.resolve("thesis.tex"), "years of work");
        Files.createDirectories(folder.resolve("data"));

        assertRefused(folder, folder.toString(), "data, thesis.tex", "--dir");
        assertThatThrownBy(() -> DemoFolder.claim(folder))
                .as("whoever obeyed would lose data with --fresh")
                .satisfies(
                        problem -> assertThat(((DemoProblem) problem).remedy()).doesNotContain("touch"));

        assertThat(thesis).hasContent("years of work");
        try (var entries = Files.list(folder)) {
            assertThat(entries).hasSize(2);
        }
    }

    @Test
    void theFolderOfADemoFromBeforeTheMarkerIsTakenWhenItsUserSaysSo() throws IOException {
        Files.createDirectories(folder.resolve("postgres"));
        Files.createFile(folder.resolve(DemoFolder.MARKER));

        DemoFolder.claim(folder).close();
    }

    @Test
    void emptyDeletesWhatTheDemoMadeAndNothingElse() throws IOException {
        Path outside = Files.createDirectories(folder.resolve("outside"));
        Path precious = Files.writeString(outside.resolve("precious.txt"), "keep me");
        Path path = folder.resolve("demo");
        DemoFolder.claim(path).close();
        Files.createDirectories(path.resolve("data/shop.orders-0"));
        Files.writeString(path.resolve("data/shop.orders-0/00000000000000000000.log"), "log");
        Files.createDirectories(path.resolve("files"));
        Files.createSymbolicLink(path.resolve("files/link"), outside);
        Files.createSymbolicLink(path.resolve("s3"), outside);
        Path notes = Files.writeString(path.resolve("notes.txt"), "mine");

        List<Path> left;
        try (DemoFolder demo = DemoFolder.claim(path)) {
            left = demo.empty();
        }

        assertThat(left).containsExactly(notes);
        assertThat(notes).hasContent("mine");
        assertThat(precious).hasContent("keep me");
        assertThat(path.resolve("data")).doesNotExist();
        assertThat(path.resolve("files")).doesNotExist();
        assertThat(path.resolve("s3")).doesNotExist();
    }

    @Test
    void aLinkIsRefusedWhereverItLeads() throws IOException {
        Path real = folder.resolve("real");
        DemoFolder.claim(real).close();
        Path link = Files.createSymbolicLink(folder.resolve("link"), real);
        Path dangling = Files.createSymbolicLink(folder.resolve("dangling"), folder.resolve("nothing"));

        assertRefused(link, link.toString(), "symbolic link to " + real);
        assertRefused(dangling, dangling.toString(), "symbolic link");
    }

    @Test
    void theHomeFolderAndThoseAboveItAreRefusedEvenWithAMarker() throws IOException {
        Path home = Path.of(System.getProperty("user.home"));

        assertRefused(home, home.toString(), "your home folder, or holds it", "levada-demo");
        assertRefused(Path.of("/"), "your home folder, or holds it");
        assertThat(home.resolve(DemoFolder.MARKER)).doesNotExist();
    }

    @Test
    void aFolderInsideADemosIsRefused() throws IOException {
        Path demo = folder.resolve("demo");
        DemoFolder.claim(demo).close();

        assertRefused(demo.resolve("files"), demo.resolve("files").toString(), "lies inside " + demo);
        assertThat(demo.resolve("files")).doesNotExist();
    }

    @Test
    void aFileIsRefusedAndSoIsAPathBelowOne() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertRefused(file, file + " is a file");
        assertThatThrownBy(() -> claimed(file.resolve("below/demo")))
                .isInstanceOf(DemoProblem.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("content");
    }

    @Test
    void aFolderThatAnotherDemoRunsOverIsRefused() throws IOException {
        try (DemoFolder first = DemoFolder.claim(folder)) {
            assertRefused(first.path(), "another demo is running in " + folder);
        }
        DemoFolder.claim(folder).close();
    }

    private static void assertRefused(Path path, String... words) {
        assertThatThrownBy(() -> DemoFolder.claim(path))
                .isInstanceOfSatisfying(
                        DemoProblem.class,
                        problem -> assertThat(problem.getMessage() + " " + problem.remedy())
                                .contains(words));
    }

    /** As the demo tells it. */
    private static void claimed(Path path) throws DemoProblem {
        try {
            DemoFolder.claim(path).close();
        } catch (IOException e) {
            throw DemoProblem.of(e, path);
        }
    }
}
