package dev.halcyon.sql;

import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** Prints what was parsed, one line a value, for comparison with a case's {@code out.txt}. */
final class ParsedText {
  private ParsedText() {}

  static String of(Ddl.Parsed parsed) {
    var lines = new ArrayList<String>();
    for (Statement statement : parsed.statements()) {
      lines.add(record(statement));
      if (statement instanceof Statement.AlterTable alter) {
        alter.clauses().forEach(c -> lines.add("  " + record(c)));
      }
    }
    parsed.directives().forEach(d -> lines.add(record(d)));
    parsed.findings().forEach(f -> lines.add(finding(f)));
    return String.join("\n", lines) + "\n";
  }

  static String finding(Finding finding) {
    Place place = finding.place();
    String at = place == null ? "" : place.line() + ":" + place.column() + " ";
    return at + finding.level() + " " + finding.code() + " " + finding.message();
  }

  private static String record(Record value) {
    var line = new StringBuilder();
    var name = value.getClass().getSimpleName();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part = part(value, component);
      if (part instanceof Place place) {
        line.append(place.line()).append(':').append(place.column()).append(' ').append(name);
      } else if (!component.getName().equals("clauses")) {
        line.append(' ').append(component.getName()).append("=[").append(text(part)).append(']');
      }
    }
    return line.toString();
  }

  private static String record(Statement statement) {
    return record((Record) statement);
  }

  private static String record(AlterClause clause) {
    return record((Record) clause);
  }

  private static String record(Directive directive) {
    return record((Record) directive);
  }

  private static String text(Object part) {
    return part instanceof List<?> list
        ? String.join(" | ", list.stream().map(String::valueOf).toList())
        : String.valueOf(part).replace("\n", "⏎");
  }

  private static Object part(Record value, RecordComponent component) {
    try {
      Object part = component.getAccessor().invoke(value);
      return part == null ? "-" : part;
    } catch (ReflectiveOperationException failure) {
      throw new LinkageError(failure.getMessage(), failure);
    }
  }
}
