package dev.halcyon.lint;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Grammar;
import dev.halcyon.sql.Repeatable;
import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the changes of a folder in the order of their versions, each with what the ones before
 * it have left behind. Pure: the same input gives the same findings.
 */
public final class Linter {
  /** What the parser says and a rule says better, with the place in the statement. */
  private static final Set<String> SAID_BY_RULES = Set.of("H202", ErrorCode.MIXED_FILE.code());

  private final Subject subject;
  private final KnownSchema schema;
  private final List<Finding> findings = new ArrayList<>();
  private final List<Directive.Allow> allowed = new ArrayList<>();

  private Linter(Subject subject) {
    this.subject = subject;
    KnownSchema before = subject.before();
    this.schema = new KnownSchema(before.closed(), before.tables(), before.views());
  }

  /** Findings in the chosen files by place, graded, without those that a file allows. */
  public static List<Finding> lint(Subject subject) {
    var linter = new Linter(subject);
    linter.run();
    return Allowances.apply(linter.findings, linter.allowed, subject.levels());
  }

  private void run() {
    subject.folder().findings().stream()
        .filter(f -> !SAID_BY_RULES.contains(f.code()))
        .filter(f -> chosen(f.place()))
        .forEach(findings::add);
    subject.folder().repeatables().forEach(r -> r.statements().forEach(schema::apply));
    subject.folder().scripts().forEach(this::look);
    subject.folder().repeatables().stream()
        .filter(r -> subject.chosen().test(r.file()))
        .forEach(this::look);
  }

  private void look(Script script) {
    ChangeLook look =
        switch (script.form()) {
          case Script.Form.EndState f ->
              look(script, f.statements(), List.of(), List.of(), f.directives());
          case Script.Form.AsWritten f ->
              look(script, List.of(), f.expand(), f.contract(), f.directives());
        };
    boolean wanted =
        subject.chosen().test(script.file())
            || look.statements().anyMatch(s -> subject.chosen().test(s.place().file()));
    if (!wanted && subject.given()) {
      return;
    }
    if (wanted) {
      allow(look.directives());
    }
    look(look, Moment.END_STATE, look.endState());
    look(look, Moment.EXPAND, look.expand());
    look(look, Moment.CONTRACT, look.contract());
    if (wanted) {
      Rules.ALL.forEach(rule -> rule.change(look));
    }
  }

  private ChangeLook look(
      Script script,
      List<Statement> endState,
      List<Statement> expand,
      List<Statement> contract,
      List<Directive> directives) {
    return new ChangeLook(
        script.version(),
        script.file(),
        endState,
        expand,
        contract,
        directives,
        schema,
        subject.target(),
        subject.accepted(),
        subject.history(),
        this::add);
  }

  private void look(Repeatable repeatable) {
    var look =
        new ChangeLook(
            null,
            repeatable.file(),
            List.of(),
            List.of(),
            List.of(),
            repeatable.directives(),
            schema,
            subject.target(),
            subject.accepted(),
            subject.history(),
            this::add);
    allow(repeatable.directives());
    look(look, Moment.REPEATABLE, repeatable.statements());
  }

  private void look(ChangeLook change, Moment moment, List<Statement> statements) {
    for (Statement statement : statements) {
      if (subject.chosen().test(statement.place().file())) {
        var look = StatementLook.of(change, moment, statement);
        Rules.ALL.forEach(rule -> rule.statement(look));
        syntax(statement);
      }
      schema.apply(statement);
    }
  }

  /** The grammar is slow to start and not always right, so it is asked about the rest only. */
  private void syntax(Statement statement) {
    if (statement instanceof Statement.Other other && other.what().contains("not understood at")) {
      findings.addAll(Grammar.check(subject.target().engine(), List.of(statement)));
    }
  }

  private void add(Finding finding) {
    if (chosen(finding.place())) {
      findings.add(finding);
    }
  }

  private boolean chosen(@Nullable Place place) {
    return place == null || subject.chosen().test(place.file());
  }

  private void allow(List<Directive> directives) {
    for (Directive directive : directives) {
      if (directive instanceof Directive.Allow allow
          && subject.chosen().test(allow.place().file())) {
        allowed.add(allow);
      }
    }
  }
}
