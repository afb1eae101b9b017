/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.log.files;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Kafka's checkpoint text file: a line with the version 0, a line with the number of entries, then one entry per line, its fields
 * divided by single spaces.
 */
public final class Checkpoint {
    private static final String VERSION = "0";

    private Checkpoint() {}

    public static void write(Path folder, String name, List<String> entries) throws IOException {
        AtomicFile.write(folder, name, lines(entries));
    }

    public static List<String> lines(List<String> entries) {
        List<String> lines = new ArrayList<>();
        lines.add(VERSION);
        lines.add(Integer.toString(entries.size()));
        lines.addAll(entries);
        return lines;
    }

    /**
     * Reads it. Without its last line feed the last number may be half of one.
     *
     * @return the entries split into fields; none when the file is missing
     * @throws CorruptIndexException when the file is anything else
     */
    public static List<String[]> read(Path file, int fields) throws IOException {
        if (!Files.exists(file)) {
            return List.of();
        }
        String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
        List<String> lines = text.lines().toList();
        if (lines.size() < 2
                || !lines.get(0).equals(VERSION)
                || !lines.get(1).equals(Integer.toString(lines.size() - 2))) {
            throw new CorruptIndexException(file, "its header does not announce version 0 and its number of entries");
        }
        if (!text.endsWith("\n")) {
            throw new CorruptIndexException(file, "its last line is not whole");
        }
        List<String[]> entries = new ArrayList<>();
        for (String line : lines.subList(2, lines.size())) {
            String[] parts = line.split(" ", -1);
            if (parts.length != fields) {
                throw new CorruptIndexException(file, "a line does not have " + fields + " fields");
            }
            entries.add(parts);
        }
        return entries;
    }
}
