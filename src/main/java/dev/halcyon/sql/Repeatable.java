package dev.halcyon.sql;

import java.util.List;

/**
 * A file {@code R__name.sql}: views and routines, applied anew whenever its text changes.
 *
 * @param checksum SHA-256 of the text, in hexadecimal
 * @param directives what it allows; it takes no others
 */
public record Repeatable(
    String name,
    String file,
    String checksum,
    List<Statement> statements,
    List<Directive> directives) {
  public Repeatable {
    statements = List.copyOf(statements);
    directives = List.copyOf(directives);
  }
}
