/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.broker.file;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;

/**
 * A properties file that is replaced as a whole ({@link DurableFile}) and shows by its first and last line that all of it is there: of a file that
 * something else has cut, the settings that are left must not pass for all.
 */
public final class PropertiesFile {
    private static final String BEGIN = "#begin\n";
    private static final String END = "#end\n";

    private PropertiesFile() {}

    /** Replaces the file; on disk when this returns. */
    public static void write(Path file, Properties properties) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(BEGIN.getBytes(StandardCharsets.ISO_8859_1));
        properties.store(bytes, null);
        bytes.writeBytes(END.getBytes(StandardCharsets.ISO_8859_1));
        DurableFile.replace(file, bytes.toByteArray());
    }

    /**
     * Reads what was written. A file of an earlier version, which has neither line, is taken if it has any property.
     *
     * @throws DamagedFileException when it is not whole, or no properties file
     */
    public static Properties read(Path file) throws IOException {
        String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        if (text.startsWith(BEGIN) && !text.endsWith(END)) {
            throw new DamagedFileException(file, "its last line is missing");
        }
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text));
        } catch (IllegalArgumentException e) {
            throw new DamagedFileException(file, "it is no properties file (" + e.getMessage() + ")");
        }
        boolean isEmptyOne =
                text.startsWith("#") && text.endsWith("\n"); // with a comment alone, as earlier versions wrote it
        if (!text.startsWith(BEGIN) && !isEmptyOne && properties.isEmpty()) {
            throw new DamagedFileException(file, "it holds nothing");
        }
        return properties;
    }
}
