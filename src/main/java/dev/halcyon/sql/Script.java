package dev.halcyon.sql;

import dev.halcyon.model.Version;
import java.util.List;

/**
 * One change, read and parsed.
 *
 * @param file the name to quote in findings; of the expand file when there are two
 * @param checksum SHA-256 of the texts, in hexadecimal
 * @param form how its statements become phases
 */
public record Script(Version version, String description, String file, String checksum, Form form) {

  /** How the statements of a change become phases. */
  public sealed interface Form {
    /** The end state in SQL; phases are derived. */
    record EndState(List<Statement> statements, List<Directive> directives) implements Form {
      public EndState {
        statements = List.copyOf(statements);
        directives = List.copyOf(directives);
      }
    }

    /** Both phases as written; a missing file is an empty list. */
    record AsWritten(List<Statement> expand, List<Statement> contract, List<Directive> directives)
        implements Form {
      public AsWritten {
        expand = List.copyOf(expand);
        contract = List.copyOf(contract);
        directives = List.copyOf(directives);
      }
    }
  }
}
