/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.runtime.plugins;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leads a class file's calls of {@link System#exit}, {@link Runtime#exit} and {@link Runtime#halt}, and references to these methods, to {@link ExitGuard}. The Java
 * platform has no other way left to keep a library from ending the process. Calls by reflection and from native code are not found.
 */
final class ExitCalls {
    private static final Logger LOGGER = LoggerFactory.getLogger(ExitCalls.class);
    private static final String GUARD = ExitGuard.class.getName().replace('.', '/');
    /** How the names stand in a constant pool: tag 1 and the length before the bytes. */
    private static final byte[] EXIT = {1, 0, 4, 'e', 'x', 'i', 't'};

    private static final byte[] HALT = {1, 0, 4, 'h', 'a', 'l', 't'};

    private ExitCalls() {}

    /** The class file with such calls led away; empty where it makes none, which nearly all are told by a look at their names. */
    static Optional<byte[]> guarded(byte[] classFile) {
        if (!contains(classFile, EXIT) && !contains(classFile, HALT)) {
            return Optional.empty();
        }
        try {
            ClassReader reader = new ClassReader(classFile);
            ClassWriter writer = new ClassWriter(reader, 0);
            Guarding guarding = new Guarding(writer);
            reader.accept(guarding, 0);
            return guarding.changed ? Optional.of(writer.toByteArray()) : Optional.empty();
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            // Of a later Java, or damaged: the JVM says what is the matter.
            LOGGER.atDebug().setCause(e).log("class file is taken as it is");
            return Optional.empty();
        }
    }

    private static boolean contains(byte[] bytes, byte[] name) {
        int last = bytes.length - name.length;
        for (int at = 0; at <= last; at++) {
            int i = 0;
            while (i < name.length && bytes[at + i] == name[i]) {
                i++;
            }
            if (i == name.length) {
                return true;
            }
        }
        return false;
    }

    private static boolean ends(String owner, String name, String descriptor) {
        return descriptor.equals("(I)V")
                && (owner.equals("java/lang/System")
                        ? name.equals("exit")
                        : owner.equals("java/lang/Runtime") && (name.equals("exit") || name.equals("halt")));
    }

    /** The same arguments on the stack, of which the first may be the Runtime. */
    private static String descriptor(String owner) {
        return owner.equals("java/lang/Runtime") ? "(Ljava/lang/Runtime;I)V" : "(I)V";
    }

    private static final class Guarding extends ClassVisitor {
        private boolean changed;

        private Guarding(ClassVisitor next) {
            super(Opcodes.ASM9, next);
        }

        @Override
        public MethodVisitor visitMethod(
                int access,
                String name,
                String descriptor,
                @Nullable String signature,
                String @Nullable [] exceptions) {
            return new Calls(super.visitMethod(access, name, descriptor, signature, exceptions));
        }

        private final class Calls extends MethodVisitor {
            private Calls(MethodVisitor next) {
                super(Opcodes.ASM9, next);
            }

            @Override
            public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
                if (ends(owner, name, descriptor)) {
                    changed = true;
                    super.visitMethodInsn(Opcodes.INVOKESTATIC, GUARD, name, descriptor(owner), false);
                } else {
                    super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
                }
            }

            @Override
            public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
                Object[] guarded = new Object[arguments.length];
                for (int i = 0; i < arguments.length; i++) {
                    guarded[i] = arguments[i] instanceof Handle handle ? guarded(handle) : arguments[i];
                }
                super.visitInvokeDynamicInsn(name, descriptor, bootstrap, guarded);
            }

            private Handle guarded(Handle handle) {
                if (!ends(handle.getOwner(), handle.getName(), handle.getDesc())) {
                    return handle;
                }
                changed = true;
                return new Handle(
                        Opcodes.H_INVOKESTATIC, GUARD, handle.getName(), descriptor(handle.getOwner()), false);
            }
        }
    }
}
