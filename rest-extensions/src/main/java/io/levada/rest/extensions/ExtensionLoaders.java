/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.rest.extensions;

import java.io.IOException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the classes of every extension, in their order, then this module's. A request passes code of several extensions, and what they
 * call (a JAAS login module, a service) asks the context class loader.
 */
final class ExtensionLoaders extends ClassLoader {
    static {
        registerAsParallelCapable();
    }

    private final List<ClassLoader> loaders;

    ExtensionLoaders(Collection<?> extensions, ClassLoader own) {
        super("rest-extensions-context", own);
        LinkedHashSet<ClassLoader> distinct = new LinkedHashSet<>();
        extensions.forEach(extension -> distinct.add(extension.getClass().getClassLoader()));
        this.loaders = List.copyOf(distinct);
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        for (ClassLoader loader : loaders) {
            try {
                return loader.loadClass(name);
            } catch (ClassNotFoundException ignored) {
                // Perhaps the next one has it.
            }
        }
        throw new ClassNotFoundException(name);
    }

    @Override
    protected @Nullable URL findResource(String name) {
        return loaders.stream()
                .map(loader -> loader.getResource(name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    @Override
    protected Enumeration<URL> findResources(String name) throws IOException {
        List<URL> all = new ArrayList<>();
        for (ClassLoader loader : loaders) {
            all.addAll(Collections.list(loader.getResources(name)));
        }
        return Collections.enumeration(all);
    }
}
