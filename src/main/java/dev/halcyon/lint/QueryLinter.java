package dev.halcyon.lint;

import dev.halcyon.model.Finding;
import dev.halcyon.sql.Directive;
import dev.halcyon.sql.Token;
import dev.halcyon.sql.Tokens;
import dev.halcyon.sql.TouchReader;
import java.util.ArrayList;
import java.util.List;

/** Looks at queries of the application. Pure. */
public final class QueryLinter {
  private QueryLinter() {}

  /**
   * Findings by place, graded, without those that a file allows.
   *
   * @param allowed of the files that the queries stand in
   */
  public static List<Finding> lint(
      List<Query> queries,
      List<Directive.Allow> allowed,
      Pending pending,
      Target target,
      Levels levels) {
    var findings = new ArrayList<Finding>();
    for (Query query : queries) {
      List<Token> tokens = Tokens.of(query.text());
      if (!tokens.isEmpty()) {
        var look =
            new QueryLook(
                query.place(),
                query.text(),
                tokens,
                TouchReader.read(query.text()),
                pending,
                target,
                findings::add);
        Rules.ALL.forEach(rule -> rule.query(look));
      }
    }
    return Allowances.apply(findings, allowed, levels);
  }
}
