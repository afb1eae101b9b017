/* SPDX-License-Identifier: Apache-2.0 */
package io.levada.cli.terminal;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Help.Ansi;

/** Rows under upper-case headings, columns as wide as their widest cell, no borders. Cells may hold picocli's colour markup. */
public final class Table {
    private static final String GAP = "  ";

    private final List<String> headings;
    private final List<List<Ansi.Text>> rows = new ArrayList<>();
    /** Lines below rows, by the number of rows above them. */
    private final Map<Integer, List<String>> notes = new HashMap<>();

    public Table(String... headings) {
        this.headings = List.of(headings);
    }

    public void row(String... cells) {
        if (cells.length != headings.size()) {
            throw new IllegalStateException(cells.length + " cells under " + headings.size() + " headings");
        }
        List<Ansi.Text> row = new ArrayList<>(cells.length);
        for (String cell : cells) {
            row.add(Ansi.AUTO.new Text(cell));
        }
        rows.add(row);
    }

    /** Lines that stand below the last row as they are, however long. */
    public void note(List<String> lines) {
        notes.computeIfAbsent(rows.size(), first -> new ArrayList<>()).addAll(lines);
    }

    public void print(PrintWriter out) {
        int[] widths = new int[headings.size()];
        for (int column = 0; column < widths.length; column++) {
            widths[column] = headings.get(column).length();
            for (List<Ansi.Text> row : rows) {
                widths[column] =
                        Math.max(widths[column], row.get(column).plainString().length());
            }
        }
        printLine(out, headings.stream().map(Ansi.OFF::text).toList(), widths);
        for (int row = 0; row < rows.size(); row++) {
            printLine(out, rows.get(row), widths);
            notes.getOrDefault(row + 1, List.of()).forEach(out::println);
        }
        out.flush();
    }

    private static void printLine(PrintWriter out, List<Ansi.Text> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            Ansi.Text cell = cells.get(column);
            line.append(cell);
            if (column < cells.size() - 1) {
                line.append(" ".repeat(widths[column] - cell.plainString().length()))
                        .append(GAP);
            }
        }
        out.println(line);
    }
}
