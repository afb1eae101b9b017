/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.connect;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The errors that workers find in a config, each told once. */
public final class ConfigErrors {
    /** What Kafka adds for a value that it could not read, and has already said so. */
    private static final Pattern FOLLOWS = Pattern.compile("Invalid value null for configuration ([^:\\s]+): .*");
    /** Where the list stands besides: of use to who calls the endpoint, not here. */
    private static final String ENDPOINT = "You can also find the above list of errors at the endpoint";

    private static final Pattern COUNT = Pattern.compile("^(.* contains the following )\\d+ error\\(s\\):");

    private ConfigErrors() {}

    /** The errors without those that only follow from another, and without repetitions. */
    static List<String> told(List<String> errors) {
        Set<String> told = new LinkedHashSet<>();
        for (String error : errors) {
            Matcher follows = FOLLOWS.matcher(error);
            if (!follows.matches() || !saidBefore(told, follows.group(1))) {
                told.add(error);
            }
        }
        return new ArrayList<>(told);
    }

    private static boolean saidBefore(Set<String> told, String key) {
        return told.stream().anyMatch(error -> error.contains("for configuration " + key + ":"));
    }

    /** A refusal as a worker words it, with {@link #told} and their number for its list of errors. */
    public static String message(String refusal) {
        List<String> lines =
                told(refusal.lines().filter(line -> !line.startsWith(ENDPOINT)).toList());
        int errors = lines.size() - 1;
        return COUNT.matcher(String.join("\n", lines))
                .replaceFirst("$1" + (errors == 1 ? "error" : errors + " errors") + ":");
    }
}
