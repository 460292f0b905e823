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
    boolean schemaToo = statements.stream().anyMatch(s -> !s.isData());
    statements.stream()
        .filter(Statement::isData)
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
}
