/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.lang.reflect.Modifier;
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

    /** Reads a class file. Throws {@link IOException} if the bytes are none. */
    static ClassHeader read(byte[] classFile) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile));
        if (in.readInt() != MAGIC) {
            throw new IOException("not a class file");
        }
        in.readInt(); // minor and major version
        Object[] pool = readPool(in);
        int access = in.readUnsignedShort();
        String name = className(pool, in.readUnsignedShort());
        List<String> parents = new ArrayList<>();
        int superClass = in.readUnsignedShort();
        if (superClass != 0) {
            parents.add(className(pool, superClass));
        }
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            parents.add(className(pool, in.readUnsignedShort()));
        }
        boolean concrete = Modifier.isPublic(access) && !Modifier.isAbstract(access) && !Modifier.isInterface(access);
        return new ClassHeader(name, List.copyOf(parents), concrete && hasPublicConstructor(in, pool));
    }

    private static boolean hasPublicConstructor(DataInputStream in, Object[] pool) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.skipNBytes(6); // a field's access, name and type
            skipAttributes(in);
        }
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            int access = in.readUnsignedShort();
            Object name = pool[in.readUnsignedShort()];
            Object type = pool[in.readUnsignedShort()];
            if (Modifier.isPublic(access) && "<init>".equals(name) && "()V".equals(type)) {
                return true;
            }
            skipAttributes(in);
        }
        return false;
    }

    private static void skipAttributes(DataInputStream in) throws IOException {
        for (int left = in.readUnsignedShort(); left > 0; left--) {
            in.readUnsignedShort();
            in.skipNBytes(in.readInt());
        }
    }

    /** The constant pool: strings for UTF-8 entries, integers for what refers to one, null for the rest. */
    private static Object[] readPool(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        Object[] pool = new Object[count];
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case 1 -> pool[i] = in.readUTF();
                case 7 -> pool[i] = in.readUnsignedShort();
                case 8, 16, 19, 20 -> in.skipNBytes(2);
                case 15 -> in.skipNBytes(3);
                case 3, 4, 9, 10, 11, 12, 17, 18 -> in.skipNBytes(4);
                case 5, 6 -> {
                    in.skipNBytes(8);
                    i++; // longs and doubles take two places
                }
                default -> throw new IOException("unknown constant " + tag);
            }
        }
        return pool;
    }

    private static String className(Object[] pool, int index) throws IOException {
        if (pool[index] instanceof Integer utf8 && pool[utf8] instanceof String name) {
            return name.replace('/', '.');
        }
        throw new IOException("broken constant pool");
    }
}
