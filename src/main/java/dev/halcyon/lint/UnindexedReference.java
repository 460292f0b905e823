package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.model.Place;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.Statement;
import dev.halcyon.sql.TableDefinition;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** A column that by its name refers to a table, without an index. */
record UnindexedReference() implements Rule {
  private static final String SUFFIX = "_id";

  @Override
  public String id() {
    return "H213";
  }

  @Override
  public String title() {
    return "A reference without an index";
  }

  @Override
  public void statement(StatementLook look) {
    if (look.statement() instanceof Statement.CreateTable create) {
      TableDefinition table = TableDefinition.read(create.table(), create.text());
      KnownTable known = Definitions.table(create);
      for (int i = 0; i < table.columns().size(); i++) {
        Column column = table.columns().get(i).column();
        check(look, look.at(table.offsets().get(i)), after(look, known), column.name());
      }
    } else if (look.statement() instanceof Statement.AlterTable alter) {
      for (AlterClause clause : alter.clauses()) {
        if (clause instanceof AlterClause.AddColumn add) {
          check(look, add.place(), after(look, look.table()), add.column());
        }
      }
    }
  }

  /** The table with what all ALTERs of this change add to it. */
  private static KnownTable after(StatementLook look, KnownTable table) {
    KnownTable after = table;
    for (Statement statement : look.change().statements().toList()) {
      if (statement instanceof Statement.AlterTable alter
          && alter.table().equalsIgnoreCase(table.name())) {
        after = TableChange.apply(after, alter.clauses());
      }
    }
    return after;
  }

  private void check(StatementLook look, Place place, KnownTable table, String column) {
    Optional<KnownTable> parent = parent(look, column);
    boolean keyed =
        table.foreignKeys().stream()
            .anyMatch(k -> k.columns().stream().anyMatch(column::equalsIgnoreCase));
    if (parent.isPresent() && !keyed && !table.indexed(List.of(column))) {
      String name = table.name() + "." + column;
      look.information(
          this,
          place,
          name
              + " seems to refer to "
              + parent.get().name()
              + " and has no index: whoever looks for the rows of one of them reads the whole"
              + " table.",
          "ALTER TABLE "
              + table.name()
              + " ADD INDEX ("
              + column
              + "), or a foreign key, which"
              + " brings one along.");
    }
  }

  private static Optional<KnownTable> parent(StatementLook look, String column) {
    String lower = column.toLowerCase(Locale.ROOT);
    if (!lower.endsWith(SUFFIX) || lower.length() == SUFFIX.length()) {
      return Optional.empty();
    }
    String noun = lower.substring(0, lower.length() - SUFFIX.length());
    String many = noun.endsWith("y") ? noun.substring(0, noun.length() - 1) + "ies" : noun + "s";
    return Stream.of(noun, many, noun + "es")
        .flatMap(name -> look.schema().table(name).stream())
        .findFirst();
  }
}
