package dev.halcyon.lint;

import dev.halcyon.model.Column;
import dev.halcyon.sql.AlterClause;
import dev.halcyon.sql.ColumnTypes;
import java.util.Optional;

/** Which clauses a server carries out by writing the whole table anew. */
final class Rebuild {
  private Rebuild() {}

  private static final int WORDS = 60;

  /**
   * Why the clause makes the server write the table anew; empty when it does not, or when that
   * depends on what is not known. What the server itself has said of the clause counts first.
   */
  static Optional<String> reason(StatementLook look, AlterClause clause) {
    Optional<String> known = known(look, clause);
    if (!isCarriedOut(look, clause)) {
      return known;
    }
    return look.change()
        .accepted()
        .of(clause)
        .map(
            way ->
                switch (way) {
                  case INSTANT -> Optional.<String>empty();
                  case IN_PLACE -> known;
                  case COPY -> known.or(() -> Optional.of(words(clause)));
                })
        .orElse(known);
  }

  /** Whether the server is given the clause as it is written, under the settings of a session. */
  private static boolean isCarriedOut(StatementLook look, AlterClause clause) {
    return switch (clause) {
      case AlterClause.ChangeColumn c -> !look.derived() || c.from().equalsIgnoreCase(c.to());
      case AlterClause.RenameColumn _, AlterClause.RenameTable _ -> !look.derived();
      case AlterClause.AddForeignKey _ -> false;
      case AlterClause.ModifyColumn _,
          AlterClause.AddColumn _,
          AlterClause.DropColumn _,
          AlterClause.SetDefault _,
          AlterClause.DropDefault _,
          AlterClause.AddIndex _,
          AlterClause.DropIndex _,
          AlterClause.RenameIndex _,
          AlterClause.SetIndexVisible _,
          AlterClause.DropForeignKey _,
          AlterClause.AddCheck _,
          AlterClause.DropConstraint _,
          AlterClause.Other _ ->
          true;
    };
  }

  private static String words(AlterClause clause) {
    String text = clause.text().strip().replaceAll("\\s+", " ");
    String words = text.length() > WORDS ? text.substring(0, WORDS) + "…" : text;
    return words + " cannot be done in a lighter way";
  }

  /** Measured on MySQL 8.0.33 and MariaDB 11.4.5. */
  private static Optional<String> known(StatementLook look, AlterClause clause) {
    return switch (clause) {
      case AlterClause.ModifyColumn c -> type(look, c.column(), c.column(), c.definition());
      case AlterClause.ChangeColumn c ->
          look.derived() && !c.from().equalsIgnoreCase(c.to())
              ? Optional.empty()
              : type(look, c.from(), c.to(), c.definition());
      case AlterClause.AddColumn c -> added(look, c);
      case AlterClause.Other c -> other(c);
      case AlterClause.DropColumn _,
          AlterClause.RenameColumn _,
          AlterClause.SetDefault _,
          AlterClause.DropDefault _,
          AlterClause.AddIndex _,
          AlterClause.DropIndex _,
          AlterClause.RenameIndex _,
          AlterClause.SetIndexVisible _,
          AlterClause.AddForeignKey _,
          AlterClause.DropForeignKey _,
          AlterClause.AddCheck _,
          AlterClause.DropConstraint _,
          AlterClause.RenameTable _ ->
          Optional.empty();
    };
  }

  private static Optional<String> type(
      StatementLook look, String from, String to, String definition) {
    Optional<Column> before = look.table().column(from);
    Column after = TableChange.column(look.table(), to, definition);
    if (before.isEmpty() || staysInPlace(before.get(), after)) {
      return Optional.empty();
    }
    if (look.derived() && Types.compare(before.get(), after) == ColumnTypes.Step.OTHER) {
      // Refused by H105 or H109, so it comes to no rebuild.
      return Optional.empty();
    }
    return Optional.of(
        look.table().name()
            + "."
            + from
            + " goes from "
            + before.get().type()
            + " to "
            + after.type());
  }

  /** A longer VARCHAR, members at the end of a list, and what is no other type at all. */
  private static boolean staysInPlace(Column before, Column after) {
    boolean varchars = before.type().startsWith("varchar") && after.type().startsWith("varchar");
    return switch (Types.compare(before, after)) {
      case SAME -> true;
      case WIDER -> varchars || (Types.isList(before) && Types.isList(after));
      case NARROWER, OTHER -> false;
    };
  }

  private static Optional<String> added(StatementLook look, AlterClause.AddColumn add) {
    Column column = TableChange.column(look.table(), add.column(), add.definition());
    if (column.autoIncrement()) {
      return Optional.of(add.column() + " is AUTO_INCREMENT");
    }
    return StoredValue.isStored(column)
        ? Optional.of(add.column() + " is a stored generated column")
        : Optional.empty();
  }

  private static Optional<String> other(AlterClause.Other clause) {
    String what = clause.what();
    boolean rebuilds =
        what.startsWith("ENGINE")
            || what.startsWith("FORCE")
            || what.startsWith("ROW_FORMAT")
            || what.startsWith("KEY_BLOCK_SIZE")
            || what.startsWith("PARTITION BY")
            || what.startsWith("REMOVE PARTITIONING")
            || what.startsWith("ORDER BY")
            || what.startsWith("CONVERT")
            || what.endsWith("PRIMARY KEY");
    return rebuilds ? Optional.of(what) : Optional.empty();
  }
}
