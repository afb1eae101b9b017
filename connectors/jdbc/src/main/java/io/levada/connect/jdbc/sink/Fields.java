/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Fields of a structure, and where the value of each is found, in the same order. */
record Fields(List<FieldShape> shapes, List<RecordPlan.Source> sources) {

    static final Fields NONE = new Fields(List.of(), List.of());

    Fields {
        shapes = List.copyOf(shapes);
        sources = List.copyOf(sources);
    }

    boolean isEmpty() {
        return shapes.isEmpty();
    }

    List<String> names() {
        return shapes.stream().map(FieldShape::name).toList();
    }

    Fields keeping(Predicate<String> kept) {
        int[] places = IntStream.range(0, shapes.size())
                .filter(i -> kept.test(shapes.get(i).name()))
                .toArray();
        return new Fields(
                IntStream.of(places).mapToObj(shapes::get).toList(),
                IntStream.of(places).mapToObj(sources::get).toList());
    }
}
