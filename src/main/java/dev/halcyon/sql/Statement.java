package dev.halcyon.sql;

import dev.halcyon.model.Place;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One statement of a change file. {@code CREATE INDEX} and {@code DROP INDEX} are read as the
 * {@code ALTER TABLE} that they stand for. Names are bare, without quotes; a name with a schema is
 * refused before it gets here.
 */
public sealed interface Statement {
  /** Where the statement begins. */
  Place place();

  /** The statement as written, without its end mark. */
  String text();

  /** Whether it changes rows and not the schema. */
  default boolean isData() {
    return switch (this) {
      case Insert _, Update _, Delete _ -> true;
      case Other other -> other.what().matches("(?s)(UPDATE|DELETE|REPLACE|INSERT)\\b.*");
      case AlterTable _,
          CreateTable _,
          DropTable _,
          RenameTable _,
          CreateView _,
          DropView _,
          CreateTrigger _,
          DropTrigger _,
          CreateRoutine _,
          DropRoutine _ ->
          false;
    };
  }

  record AlterTable(Place place, String text, String table, List<AlterClause> clauses)
      implements Statement {
    public AlterTable {
      clauses = List.copyOf(clauses);
    }
  }

  record CreateTable(Place place, String text, String table) implements Statement {}

  record DropTable(Place place, String text, List<String> tables, boolean ifExists)
      implements Statement {
    public DropTable {
      tables = List.copyOf(tables);
    }
  }

  record RenameTable(Place place, String text, String from, String to) implements Statement {}

  /** {@code CREATE [OR REPLACE] VIEW}. */
  record CreateView(Place place, String text, String view, boolean orReplace)
      implements Statement {}

  record DropView(Place place, String text, String view) implements Statement {}

  record CreateTrigger(Place place, String text, String trigger, String table)
      implements Statement {}

  record DropTrigger(Place place, String text, String trigger) implements Statement {}

  /**
   * A procedure, function or event.
   *
   * @param kind {@code PROCEDURE}, {@code FUNCTION} or {@code EVENT}
   */
  record CreateRoutine(Place place, String text, String kind, String name) implements Statement {}

  record DropRoutine(Place place, String text, String kind, String name) implements Statement {}

  record Insert(Place place, String text, String table) implements Statement {}

  /**
   * An update of one table.
   *
   * @param head everything before WHERE: {@code UPDATE t SET a = 1}
   * @param where the condition without the word, or null
   * @param alias the name by which the table's columns are qualified in head and where
   */
  record Update(
      Place place, String text, String table, String alias, String head, @Nullable String where)
      implements Statement {}

  /** A delete from one table; parts as in {@link Update}. */
  record Delete(
      Place place, String text, String table, String alias, String head, @Nullable String where)
      implements Statement {}

  /**
   * Anything else.
   *
   * @param what the words to name it by: {@code LOCK TABLES}, {@code TRUNCATE}, {@code UPDATE of
   *     several tables}
   */
  record Other(Place place, String text, String what) implements Statement {}
}
