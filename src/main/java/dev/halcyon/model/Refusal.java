package dev.halcyon.model;

import java.util.List;
import java.util.stream.Collectors;

/** Work is refused before anything was changed; carries every finding at once. */
public final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<Finding> findings;
  private final ExitStatus exitStatus;

  public Refusal(ExitStatus exitStatus, List<Finding> findings) {
    super(
        findings.stream().map(f -> f.code() + " " + f.message()).collect(Collectors.joining("; ")));
    this.findings = List.copyOf(findings);
    this.exitStatus = exitStatus;
  }

  public static Refusal of(ExitStatus exitStatus, Finding finding) {
    return new Refusal(exitStatus, List.of(finding));
  }

  public List<Finding> findings() {
    return findings;
  }

  public ExitStatus exitStatus() {
    return exitStatus;
  }
}
