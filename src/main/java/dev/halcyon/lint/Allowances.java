package dev.halcyon.lint;

import dev.halcyon.model.ErrorCode;
import dev.halcyon.model.Finding;
import dev.halcyon.model.Place;
import dev.halcyon.sql.Directive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What files and settings say of findings: which are set aside, and of which level they are. */
final class Allowances {
  private static final Comparator<Place> BY_PLACE =
      Comparator.comparing(Place::file)
          .thenComparingInt(Place::line)
          .thenComparingInt(Place::column);

  private Allowances() {}

  /** The findings that remain, by place; an allowance that nothing needs is one, too. */
  static List<Finding> apply(List<Finding> findings, List<Directive.Allow> allowed, Levels levels) {
    var used = new LinkedHashSet<Directive.Allow>();
    var result = new ArrayList<Finding>();
    for (Finding finding : findings) {
      List<Directive.Allow> by = allowed.stream().filter(a -> allows(a, finding)).toList();
      used.addAll(by);
      if (by.isEmpty()) {
        levels.grade(finding).ifPresent(result::add);
      }
    }
    for (Directive.Allow allow : allowed) {
      Finding finding = used.contains(allow) ? null : useless(allow, levels);
      if (finding != null) {
        result.add(finding);
      }
    }
    result.sort(
        Comparator.comparing(Finding::place, Comparator.nullsFirst(BY_PLACE))
            .thenComparing(Finding::code));
    return result.stream().distinct().toList();
  }

  private static boolean allows(Directive.Allow allow, Finding finding) {
    Place place = finding.place();
    return place != null
        && allow.rule().equals(finding.code())
        && allow.place().file().equals(place.file());
  }

  private static @Nullable Finding useless(Directive.Allow allow, Levels levels) {
    if (!allow.rule().startsWith("HAL-") && !Rules.exists(allow.rule())) {
      return Finding.error(
          ErrorCode.DIRECTIVE_UNKNOWN.code(),
          allow.place(),
          "There is no rule " + allow.rule() + ".",
          "The rules stand in docs/rules.");
    }
    return levels.off(allow.rule())
        ? null
        : Finding.warning(
            ErrorCode.DIRECTIVE_NAME.code(),
            allow.place(),
            "Nothing in this file is against " + allow.rule() + ".",
            "Take the line out.");
  }
}
