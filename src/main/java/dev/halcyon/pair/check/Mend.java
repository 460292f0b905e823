package dev.halcyon.pair.check;

/**
 * What mends a problem.
 *
 * @param member the server that it is run on; empty for a command of Halcyon
 * @param statement empty if there is none
 * @param harmless whether Halcyon may run it unasked: nothing under way is disturbed
 * @param configuration the line for the server's configuration file; empty if the statement lasts
 */
public record Mend(String member, String statement, boolean harmless, String configuration) {
  static final Mend NONE = new Mend("", "", false, "");

  public Mend {
    if (harmless && statement.isEmpty()) {
      throw new IllegalArgumentException("only a statement is run");
    }
  }

  /** A statement for a person to run. */
  static Mend by(String member, String statement) {
    return new Mend(member, statement, false, "");
  }

  /** A command of ours for a person to type. */
  static Mend command(String line) {
    return new Mend("", line, false, "");
  }

  /** For people. */
  public String words() {
    var text = new StringBuilder();
    if (!statement.isEmpty()) {
      text.append(member.isEmpty() ? "Type: " : "On " + member + ": ").append(statement);
    }
    if (!configuration.isEmpty()) {
      text.append(text.isEmpty() ? "In " : "\nand in ");
      text.append(member).append("'s configuration file: ").append(configuration);
      text.append(statement.isEmpty() ? ", then restart it" : "");
    }
    return text.toString();
  }
}
