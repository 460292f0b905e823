package dev.halcyon.cli;

import dev.halcyon.deploy.Deployment;
import dev.halcyon.deploy.Outcome;
import dev.halcyon.deploy.Status;
import dev.halcyon.lint.History;
import dev.halcyon.lint.Linter;
import dev.halcyon.lint.Subject;
import dev.halcyon.model.ChangeState;
import dev.halcyon.model.ExitStatus;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Version;
import dev.halcyon.mysql.TableSizes;
import dev.halcyon.plan.PlanText;
import dev.halcyon.plan.TableSize;
import dev.halcyon.rollout.SchemaPhases;
import dev.halcyon.sql.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The phases of a release's changes, by the same code as the commands lint, expand, verify and
 * contract.
 *
 * @param named the changes; none means all that are not contracted
 */
record ReleaseSchema(Invocation invocation, Workplace workplace, List<Version> named)
    implements SchemaPhases {

  @Override
  public List<Finding> lint() {
    LintSettings settings = LintSettings.read(invocation.layers().get());
    ServerSchema server = ServerSchema.read(workplace, settings);
    LintFolder folder =
        LintFolder.read(
            settings.migrations(),
            invocation.folder(),
            server.target().engine(),
            workplace.server().schema());
    Predicate<String> files = Predicate.not(folder.of(folder.known(server.begun()))::contains);
    if (!named.isEmpty()) {
      files = files.and(folder.of(named)::contains);
    }
    Predicate<String> chosen = files;
    List<Script> scripts =
        folder.parsed().scripts().stream().filter(s -> chosen.test(s.file())).toList();
    return Linter.lint(
        new Subject(
            folder.parsed(),
            server.schema(),
            settings.against() != null,
            AskedClauses.ask(workplace.server(), scripts).accepted(),
            files,
            server.target(),
            settings.levels(),
            History.NONE));
  }

  /** What expand and contract would do, to the letter. */
  String plans() {
    var sizes = sizes();
    var wanted = of(Set.of(ChangeState.values()));
    return workplace.deployment().plan(named, false).stream()
        .filter(plan -> named.isEmpty() || wanted.contains(plan.version()))
        .map(plan -> PlanText.of(plan, sizes))
        .collect(Collectors.joining("\n"));
  }

  private Map<String, TableSize> sizes() {
    try (var session = workplace.server().open("release")) {
      return TableSizes.read(session);
    }
  }

  @Override
  public Result expand() {
    Deployment deployment = workplace.deployment();
    var open = of(Set.of(ChangeState.VERIFIED));
    var rest = new ArrayList<>(named);
    rest.removeAll(open);
    rest.removeAll(of(Set.of(ChangeState.CONTRACTED, ChangeState.CONTRACTING)));
    if (named.isEmpty() || !rest.isEmpty()) {
      Outcome expanded = deployment.expand(rest, false);
      if (expanded.status() != ExitStatus.DONE) {
        return result(expanded);
      }
    }
    if (!open.isEmpty()) {
      Outcome verified = deployment.verify(open);
      if (verified.status() != ExitStatus.DONE) {
        return result(verified);
      }
    }
    return new Result(ExitStatus.DONE, "expanded and verified", List.of(), windows());
  }

  @Override
  public Result contract(List<Version> changes) {
    var open = new ArrayList<>(changes);
    open.removeAll(of(Set.of(ChangeState.CONTRACTED)));
    return open.isEmpty()
        ? new Result(ExitStatus.DONE, "contracted", List.of(), changes)
        : result(workplace.deployment().contract(open, null));
  }

  private Result result(Outcome outcome) {
    return new Result(outcome.status(), outcome.message(), outcome.findings(), windows());
  }

  /** Changes of the release whose old shape is still there. */
  private List<Version> windows() {
    return of(Set.of(ChangeState.EXPANDED, ChangeState.VERIFIED, ChangeState.CONTRACTING));
  }

  private List<Version> of(Set<ChangeState> states) {
    return workplace.deployment().status().changes().stream()
        .filter(change -> named.isEmpty() || named.contains(change.version()))
        .filter(change -> states.contains(change.state()))
        .map(Status.Change::version)
        .toList();
  }
}
