/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Gives plugins the helper classes of Kafka's clients under the names they had before 4.4, which moved them from {@code
 * org.apache.kafka.common.utils} to a package below it. Nearly every connector calls one of them, {@code AppInfoParser}, for its
 * version. A copy of the class as it is now is renamed in its constant pool; it refers to other moved classes by their old names, too.
 */
final class MovedKafkaClasses {
    private static final String OLD = "org/apache/kafka/common/utils/";
    private static final String NEW = OLD + "internals/";
    private static final Pattern NEW_NAME = Pattern.compile(Pattern.quote(NEW) + "(\\w+)");

    private final ClassLoader kafka;

    /** @param kafka the loader of Kafka's clients */
    MovedKafkaClasses(ClassLoader kafka) {
        this.kafka = kafka;
    }

    /** The class file for an old name, with dots; empty if no moved class had that name. */
    Optional<byte[]> underOldName(String name) {
        String path = name.replace('.', '/');
        if (!path.startsWith(OLD) || path.startsWith(NEW)) {
            return Optional.empty();
        }
        String moved = NEW + path.substring(OLD.length()) + ".class";
        try (InputStream in = kafka.getResourceAsStream(moved)) {
            return in == null ? Optional.empty() : Optional.of(renamed(in.readAllBytes()));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + moved, e);
        }
    }

    private byte[] renamed(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(classFile.length);
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(in.readNBytes(8)); // magic, minor and major version
        int count = in.readUnsignedShort();
        out.writeShort(count);
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            out.writeByte(tag);
            if (tag == 1) {
                out.writeUTF(withOldNames(in.readUTF()));
            } else {
                out.write(in.readNBytes(ClassConstants.sizeOf(tag)));
                i += ClassConstants.takesTwoPlaces(tag) ? 1 : 0;
            }
        }
        in.transferTo(out);
        return bytes.toByteArray();
    }

    private String withOldNames(String constant) {
        Matcher names = NEW_NAME.matcher(constant);
        return names.replaceAll(name -> Matcher.quoteReplacement((isGone(name.group(1)) ? OLD : NEW) + name.group(1)));
    }

    private boolean isGone(String simpleName) {
        return kafka.getResource(OLD + simpleName + ".class") == null;
    }
}
