package dev.halcyon.lint;

import dev.halcyon.sql.Statement;
import java.util.List;

/** Statements for rows and statements for the schema in one file. */
record MixedFile() implements Rule {
  @Override
  public String id() {
    return "H302";
  }

  @Override
  public String title() {
    return "Data statements and schema statements in one file";
  }

  @Override
  public void change(ChangeLook look) {
    List<Statement> statements = look.endState();
    boolean schemaToo = statements.stream().anyMatch(s -> !isData(s));
    statements.stream()
        .filter(MixedFile::isData)
        .findFirst()
        .filter(s -> schemaToo)
        .ifPresent(
            s ->
                look.error(
                    this,
                    s.place(),
                    "This statement changes rows in a file that changes the schema as well: the"
                        + " server commits before each schema statement, so half of the file would"
                        + " stay if the rest failed.",
                    "Move the statements for rows to a file with a version of its own."));
  }

  private static boolean isData(Statement statement) {
    return switch (statement) {
      case Statement.Insert _, Statement.Update _, Statement.Delete _ -> true;
      case Statement.Other other -> other.what().matches("(?s)(UPDATE|DELETE|REPLACE|INSERT)\\b.*");
      case Statement.AlterTable _,
          Statement.CreateTable _,
          Statement.DropTable _,
          Statement.RenameTable _,
          Statement.CreateView _,
          Statement.DropView _,
          Statement.CreateTrigger _,
          Statement.DropTrigger _,
          Statement.CreateRoutine _,
          Statement.DropRoutine _ ->
          false;
    };
  }
}
