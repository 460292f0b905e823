package dev.halcyon.sql;

import dev.halcyon.model.Engine;
import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the SQL of a change file. It tells statements and clauses apart and leaves their inner text
 * to the server, which is the authority: what follows a column's name is the user's own text. A
 * statement that goes on in an unknown way becomes {@link Statement.Other}, so that nothing is half
 * understood; {@link Grammar} says why where no server is at hand to say it.
 */
public final class Ddl {
  private Ddl() {}

  /**
   * What one file holds.
   *
   * @param findings what is wrong whatever the server says: text that is not closed, names of other
   *     schemas, directives that cannot be read
   */
  public record Parsed(
      List<Statement> statements, List<Directive> directives, List<Finding> findings) {
    public Parsed {
      statements = List.copyOf(statements);
      directives = List.copyOf(directives);
      findings = List.copyOf(findings);
    }
  }

  /**
   * Reads one file.
   *
   * @param schema the target; its name as a qualifier is taken out of the statements' texts
   */
  public static Parsed parse(Engine engine, String schema, SourceFile file) {
    Lexed lexed = Lexer.lex(file.text(), engine);
    Directives.Read directives = Directives.read(file, lexed);
    var findings = new ArrayList<>(directives.findings());
    for (Lexed.Problem problem : lexed.problems()) {
      findings.add(
          Finding.error(
              ErrorCode.SYNTAX.code(),
              file.place(problem.offset()),
              problem.message(),
              "Close it, or double the quote where it is part of the text."));
    }
    var statements = new ArrayList<Statement>();
    for (Piece piece : Splitter.split(lexed)) {
      statements.add(StatementReader.read(new Passage(file, lexed, piece, schema), findings));
    }
    return new Parsed(statements, directives.directives(), findings);
  }

  /** Whether a text ends between two statements, so that what follows can be read by itself. */
  public static boolean endsBetweenStatements(Engine engine, String text) {
    return Splitter.isClosed(Lexer.lex(text, engine));
  }
}
