package dev.halcyon.lint;

import dev.halcyon.model.Check;
import dev.halcyon.model.Column;
import dev.halcyon.model.ForeignKey;
import dev.halcyon.model.Index;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.ColumnDefinition;
import dev.halcyon.sql.Expressions;
import dev.halcyon.sql.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What is known of a table after the clauses of an ALTER. */
final class TableChange {
  private TableChange() {}

  static KnownTable apply(KnownTable table, List<AlterClause> clauses) {
    KnownTable after = table;
    for (AlterClause clause : clauses) {
      after = apply(after, clause);
    }
    return after;
  }

  private static KnownTable apply(KnownTable table, AlterClause clause) {
    return switch (clause) {
      case AlterClause.AddColumn c -> added(table, c.column(), c.definition(), c.position());
      case AlterClause.DropColumn c -> dropped(table, c.column());
      case AlterClause.RenameColumn c ->
          renamed(table, c.from(), old -> old.withName(c.to()), c.to());
      case AlterClause.ChangeColumn c ->
          renamed(table, c.from(), _ -> column(table, c.to(), c.definition()), c.to());
      case AlterClause.ModifyColumn c ->
          renamed(table, c.column(), _ -> column(table, c.column(), c.definition()), c.column());
      case AlterClause.SetDefault c ->
          renamed(table, c.column(), old -> old.withDefault(value(c.expression())), c.column());
      case AlterClause.DropDefault c ->
          renamed(table, c.column(), old -> old.withDefault(null), c.column());
      case AlterClause.AddIndex c -> {
        Optional<Index> index = TableDefinition.index(c.text(), c.name());
        yield index.map(i -> withIndex(table, i)).orElse(table);
      }
      case AlterClause.DropIndex c -> withoutIndex(table, c.index());
      case AlterClause.RenameIndex c -> index(table, c.from(), i -> with(i, c.to(), i.visible()));
      case AlterClause.SetIndexVisible c ->
          index(table, c.index(), i -> with(i, i.name(), c.visible()));
      case AlterClause.AddForeignKey c ->
          TableDefinition.foreignKey(table.name(), c.text(), c.name())
              .map(k -> table.withForeignKeys(plus(table.foreignKeys(), k)))
              .orElse(table);
      case AlterClause.DropForeignKey c -> withoutForeignKey(table, c.name());
      case AlterClause.AddCheck c ->
          table.withChecks(
              plus(table.checks(), new Check(c.name() == null ? "" : c.name(), c.text(), true)));
      case AlterClause.DropConstraint c ->
          withoutForeignKey(
              table.withChecks(
                  table.checks().stream()
                      .filter(k -> !k.name().equalsIgnoreCase(c.name()))
                      .toList()),
              c.name());
      case AlterClause.RenameTable c -> table.withName(c.to());
      case AlterClause.Other c -> other(table, c);
    };
  }

  private static KnownTable other(KnownTable table, AlterClause.Other clause) {
    return switch (clause.what()) {
      case "ADD PRIMARY KEY" ->
          TableDefinition.index(clause.text(), "PRIMARY")
              .map(i -> withIndex(table, i))
              .orElse(table);
      case "DROP PRIMARY KEY" -> withoutIndex(table, "PRIMARY");
      default -> table;
    };
  }

  static Column column(KnownTable table, String name, String definition) {
    return ColumnDefinition.read(table.name(), name, definition).column();
  }

  private static @Nullable String value(String expression) {
    return expression.equalsIgnoreCase("NULL") ? null : expression;
  }

  private static KnownTable added(
      KnownTable table, String name, String definition, String position) {
    ColumnDefinition read = ColumnDefinition.read(table.name(), name, definition);
    var columns = new ArrayList<>(table.columns());
    columns.removeIf(c -> c.name().equalsIgnoreCase(name));
    columns.add(position.equals("FIRST") ? 0 : place(columns, position), read.column());
    KnownTable after = table.withColumns(columns);
    if (read.primary() || read.unique()) {
      var part = List.of(new Index.Part(name, null, null, false));
      String index = read.primary() ? "PRIMARY" : name;
      after = withIndex(after, new Index(index, true, "BTREE", part, true, ""));
    }
    return after;
  }

  private static int place(List<Column> columns, String position) {
    for (int i = 0; i < columns.size(); i++) {
      if (Expressions.mentions(position, columns.get(i).name())) {
        return i + 1;
      }
    }
    return columns.size();
  }

  private static KnownTable dropped(KnownTable table, String name) {
    List<Index> indexes =
        table.indexes().stream().filter(i -> !(i.columns().size() == 1 && i.uses(name))).toList();
    return table
        .withColumns(
            table.columns().stream().filter(c -> !c.name().equalsIgnoreCase(name)).toList())
        .withIndexes(indexes);
  }

  private static KnownTable renamed(
      KnownTable table, String from, UnaryOperator<Column> change, String to) {
    boolean known = table.column(from).isPresent();
    if (!known) {
      return table;
    }
    KnownTable after =
        table.withColumns(
            table.columns().stream()
                .map(c -> c.name().equalsIgnoreCase(from) ? change.apply(c) : c)
                .toList());
    if (from.equalsIgnoreCase(to)) {
      return after;
    }
    return after.withIndexes(
        after.indexes().stream().map(i -> i.uses(from) ? withColumn(i, from, to) : i).toList());
  }

  private static Index withColumn(Index index, String from, String to) {
    return new Index(
        index.name(),
        index.unique(),
        index.kind(),
        index.parts().stream()
            .map(
                p ->
                    from.equalsIgnoreCase(p.column())
                        ? new Index.Part(to, null, p.prefix(), p.descending())
                        : p)
            .toList(),
        index.visible(),
        index.comment());
  }

  private static KnownTable withIndex(KnownTable table, Index index) {
    return table.withIndexes(plus(table.indexes(), index));
  }

  private static KnownTable withoutIndex(KnownTable table, String name) {
    return table.withIndexes(
        table.indexes().stream().filter(i -> !i.name().equalsIgnoreCase(name)).toList());
  }

  private static KnownTable index(KnownTable table, String name, UnaryOperator<Index> change) {
    return table.withIndexes(
        table.indexes().stream()
            .map(i -> i.name().equalsIgnoreCase(name) ? change.apply(i) : i)
            .toList());
  }

  private static Index with(Index index, String name, boolean visible) {
    return new Index(name, index.unique(), index.kind(), index.parts(), visible, index.comment());
  }

  private static KnownTable withoutForeignKey(KnownTable table, String name) {
    List<ForeignKey> left =
        table.foreignKeys().stream().filter(k -> !k.name().equalsIgnoreCase(name)).toList();
    return table.withForeignKeys(left);
  }

  private static <T> List<T> plus(List<T> list, T element) {
    var longer = new ArrayList<>(list);
    longer.add(element);
    return longer;
  }
}
