/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** The plans for the forms of a topic's records that were met last. */
final class PlansOfTopic {

    /** More than records of one topic have at a time; where each record has names of its own, plans are made anew. */
    private static final int FORMS_MAX = 64;

    private final TableId table;
    private final Map<Forms, RecordPlan> plans = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Forms, RecordPlan> eldest) {
            return size() > FORMS_MAX;
        }
    };
    private @Nullable Forms lastForms;
    private @Nullable RecordPlan lastPlan;

    PlansOfTopic(TableId table) {
        this.table = table;
    }

    /** Makes a plan for a form that is new. */
    interface Maker {
        RecordPlan plan(Form key, Form value);
    }

    /** A key or a row, as a record has it. */
    record Data(@Nullable Object data, @Nullable Schema schema) {

        static final Data NONE = new Data(null, null);

        Form form() {
            return Form.of(data, schema);
        }

        boolean fits(Form form) {
            return form.fits(data, schema);
        }
    }

    private record Forms(Shape.Kind kind, Form key, Form value) {}

    TableId table() {
        return table;
    }

    /** The plan for records like this one. */
    RecordPlan of(Shape.Kind kind, Data key, Data value, Maker maker) {
        Forms last = lastForms;
        RecordPlan plan = lastPlan;
        if (last == null || plan == null || last.kind() != kind || !key.fits(last.key()) || !value.fits(last.value())) {
            last = new Forms(kind, key.form(), value.form());
            plan = plans.get(last);
            if (plan == null) {
                plan = maker.plan(last.key(), last.value());
                plans.put(last, plan);
            }
            lastForms = last;
            lastPlan = plan;
        }
        return plan;
    }
}
