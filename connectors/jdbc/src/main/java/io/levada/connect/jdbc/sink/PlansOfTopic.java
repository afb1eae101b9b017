/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.connect.jdbc.sink;

import io.levada.connect.jdbc.dialect.TableId;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/** The plans for the forms of a topic's records that were met last. */
final class PlansOfTopic {

    private final TableId table;
    private final LastUsed<Forms, RecordPlan> plans = new LastUsed<>();
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
