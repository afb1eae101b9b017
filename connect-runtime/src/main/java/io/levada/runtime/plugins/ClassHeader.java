/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.IOException;
import java.lang.reflect.Modifier;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * What the scan needs of a class file, read without loading the class (Java Virtual Machine Specification, chapter 4.1).
 *
 * @param name the class, with dots
 * @param parents its superclass and interfaces, with dots
 * @param usable public, concrete and with a public constructor without parameters
 */
record ClassHeader(String name, List<String> parents, boolean usable) {
    private static final int MAGIC = 0xCAFEBABE;
    private static final byte[] CONSTRUCTOR = "<init>".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NO_PARAMETERS = "()V".getBytes(StandardCharsets.US_ASCII);

    /** Reads a class file. Throws {@link IOException} if the bytes are none. */
    static ClassHeader read(byte[] classFile) throws IOException {
        try {
            return read(ByteBuffer.wrap(classFile));
        } catch (BufferUnderflowException | IndexOutOfBoundsException | IllegalArgumentException e) {
            throw new IOException("a class file that ends too early or points outside itself", e);
        }
    }

    private static ClassHeader read(ByteBuffer file) throws IOException {
        if (file.getInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        file.getInt(); // minor and major version
        int[] constants = constants(file);
        int access = u2(file);
        String name = className(file, constants, u2(file));
        List<String> parents = new ArrayList<>();
        int superClass = u2(file);
        if (superClass != 0) {
            parents.add(className(file, constants, superClass));
        }
        for (int left = u2(file); left > 0; left--) {
            parents.add(className(file, constants, u2(file)));
        }
        boolean concrete = Modifier.isPublic(access) && !Modifier.isAbstract(access) && !Modifier.isInterface(access);
        return new ClassHeader(name, List.copyOf(parents), concrete && hasPublicConstructor(file, constants));
    }

    /** The position of each constant, just after its tag. Nothing is decoded here: of thousands of constants a handful matters. */
    private static int[] constants(ByteBuffer file) throws IOException {
        int[] positions = new int[u2(file)];
        for (int i = 1; i < positions.length; i++) {
            int tag = file.get();
            positions[i] = file.position();
            int size = tag == 1 ? 2 + u2At(file, file.position()) : ClassConstants.sizeOf(tag);
            file.position(file.position() + size);
            i += ClassConstants.takesTwoPlaces(tag) ? 1 : 0;
        }
        return positions;
    }

    private static String className(ByteBuffer file, int[] constants, int classIndex) {
        int text = constants[u2At(file, constants[classIndex])];
        byte[] name = new byte[u2At(file, text)];
        file.get(text + 2, name);
        return new String(name, StandardCharsets.UTF_8).replace('/', '.');
    }

    private static boolean hasPublicConstructor(ByteBuffer file, int[] constants) {
        for (int left = u2(file); left > 0; left--) {
            skip(file, 6); // a field's access, name and type
            skipAttributes(file);
        }
        for (int left = u2(file); left > 0; left--) {
            boolean isPublic = Modifier.isPublic(u2(file));
            boolean constructor = isText(file, constants[u2(file)], CONSTRUCTOR);
            boolean bare = isText(file, constants[u2(file)], NO_PARAMETERS);
            if (isPublic && constructor && bare) {
                return true;
            }
            skipAttributes(file);
        }
        return false;
    }

    private static boolean isText(ByteBuffer file, int text, byte[] expected) {
        int length = u2At(file, text);
        if (length != expected.length) {
            return false;
        }
        for (int i = 0; i < length; i++) {
            if (file.get(text + 2 + i) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static void skipAttributes(ByteBuffer file) {
        for (int left = u2(file); left > 0; left--) {
            u2(file);
            skip(file, file.getInt());
        }
    }

    private static void skip(ByteBuffer file, int bytes) {
        file.position(file.position() + bytes);
    }

    private static int u2(ByteBuffer file) {
        return file.getShort() & 0xffff;
    }

    private static int u2At(ByteBuffer file, int position) {
        return file.getShort(position) & 0xffff;
    }
}
