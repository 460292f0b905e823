package dev.halcyon.pair.proof;

import dev.halcyon.model.Column;
import dev.halcyon.model.TableSchema;
import dev.halcyon.pair.proof.Crossing.Twin;
import dev.halcyon.sql.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** Both directions between a table and its changed form, without keys to other tables. */
public final class Crossings {
  private static final Pattern BYTES =
      Pattern.compile(
          "(tiny|medium|long)?blob|(var)?binary.*|bit.*|geometry.*|.*point|.*linestring|.*polygon");

  private final TableSchema before;
  private final TableSchema after;
  private final List<Twin> twins = new ArrayList<>();

  private Crossings(TableSchema before, TableSchema after) {
    this.before = before;
    this.after = after;
  }

  /**
   * @param former the old names of renamed columns, by their new ones
   */
  public static Crossings of(TableSchema before, TableSchema after, Map<String, String> former) {
    var crossings = new Crossings(before, after);
    for (Column column : after.columns()) {
      before
          .column(former.getOrDefault(column.name(), column.name()))
          .ifPresent(
              old ->
                  crossings.twins.add(
                      new Twin(old.name(), column.name(), isText(old) && isText(column))));
    }
    return crossings;
  }

  /** Rows of the old shape into the new one. */
  public Crossing forward(List<String> writes) {
    return new Crossing(before.name(), create(before), create(after), writes, twins);
  }

  /** Rows of the new shape into the old one. */
  public Crossing backward(List<String> writes) {
    return new Crossing(
        before.name(),
        create(after),
        create(before),
        writes,
        twins.stream().map(t -> new Twin(t.received(), t.sent(), t.text())).toList());
  }

  private static boolean isText(Column column) {
    return !BYTES.matcher(column.type().toLowerCase(Locale.ROOT)).matches();
  }

  private static String create(TableSchema table) {
    var text = table.showCreate();
    for (var element : TableShape.elements(text).entrySet()) {
      if (element.getKey().startsWith("constraint ")
          && element.getValue().contains("FOREIGN KEY")) {
        text = text.replace(",\n  " + element.getValue(), "");
      }
    }
    return text;
  }
}
