package dev.halcyon.sql;

import dev.halcyon.model.Finding;
import java.util.List;

/**
 * The migrations folder, read and parsed.
 *
 * @param scripts by rising version
 * @param repeatables by name
 * @param findings of all files, by file and place
 */
public record ParsedFolder(
    List<Script> scripts, List<Repeatable> repeatables, List<Finding> findings) {
  public ParsedFolder {
    scripts = List.copyOf(scripts);
    repeatables = List.copyOf(repeatables);
    findings = List.copyOf(findings);
  }
}
