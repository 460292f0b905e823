package dev.halcyon.deploy;

import dev.halcyon.sql.Script;
import dev.halcyon.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** Which objects a change names. */
final class ScriptNames {
  private ScriptNames() {}

  /** Whether a change mentions what another one makes, changes or drops. */
  static boolean buildsOn(Script later, Script earlier) {
    return names(earlier).stream().anyMatch(name -> mentions(later, name));
  }

  private static boolean mentions(Script script, String name) {
    var word = Pattern.compile("(?iu)(?<![\\w$])" + Pattern.quote(name) + "(?![\\w$])");
    return statements(script).stream().anyMatch(s -> word.matcher(s.text()).find());
  }

  private static List<Statement> statements(Script script) {
    return switch (script.form()) {
      case Script.Form.EndState endState -> endState.statements();
      case Script.Form.AsWritten written -> {
        var all = new ArrayList<>(written.expand());
        all.addAll(written.contract());
        yield all;
      }
    };
  }

  private static Set<String> names(Script script) {
    var names = new LinkedHashSet<String>();
    for (var statement : statements(script)) {
      switch (statement) {
        case Statement.AlterTable alter -> names.add(alter.table());
        case Statement.CreateTable create -> names.add(create.table());
        case Statement.DropTable drop -> names.addAll(drop.tables());
        case Statement.RenameTable rename -> {
          names.add(rename.from());
          names.add(rename.to());
        }
        case Statement.CreateView create -> names.add(create.view());
        case Statement.DropView drop -> names.add(drop.view());
        case Statement.CreateTrigger create -> names.add(create.table());
        case Statement.DropTrigger drop -> names.add(drop.trigger());
        case Statement.CreateRoutine create -> names.add(create.name());
        case Statement.DropRoutine drop -> names.add(drop.name());
        case Statement.Insert insert -> names.add(insert.table());
        case Statement.Update update -> names.add(update.table());
        case Statement.Delete delete -> names.add(delete.table());
        case Statement.Other other -> {}
      }
    }
    return names;
  }
}
