package dev.halcyon.cli;

import java.util.List;

/** Rows of text as a table with straight columns. */
final class Columns {
  private Columns() {}

  /**
   * One line for each row, without spaces at its end.
   *
   * @param rows each with the same number of cells
   */
  static String of(List<List<String>> rows) {
    var text = new StringBuilder();
    for (List<String> row : rows) {
      var line = new StringBuilder();
      for (int column = 0; column < row.size(); column++) {
        String cell = row.get(column);
        line.append(cell).append(" ".repeat(width(rows, column) - cell.length() + 2));
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }

  private static int width(List<List<String>> rows, int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }
}
