package dev.halcyon.mysql;

import dev.halcyon.model.Engine;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an account may do, read from SHOW GRANTS for itself and its active roles. Grants on single
 * tables and columns are left out: Halcyon makes tables, so they do not suffice. Immutable.
 *
 * <p>As the servers do it: of one grantee's grants on schema patterns only the most specific one
 * that matches counts; those of account and roles add up; with partial revokes, {@code _} and
 * {@code %} are plain letters and REVOKE lines take away from what is granted globally.
 */
final class Grants {
  private static final String ALL = "ALL PRIVILEGES";

  private static final Pattern LINE =
      Pattern.compile(
          "(GRANT|REVOKE) (.+?) ON (?:(\\*)\\.\\*|[`\"]((?:[^`\"]|``|\"\")+)[`\"]\\.\\*)"
              + " (?:TO|FROM) (\\S+).*",
          Pattern.DOTALL);

  private static final Pattern ROLE_GRANT = Pattern.compile("GRANT (`[^`]+`) TO .*");

  private final List<Entry> entries;
  private final boolean wildcards;

  private Grants(List<Entry> entries, boolean wildcards) {
    this.entries = List.copyOf(entries);
    this.wildcards = wildcards;
  }

  /** One line; {@code schema} is a pattern, or null for all schemas. */
  private record Entry(
      boolean granted, Set<String> privileges, @Nullable String schema, String grantee) {
    boolean has(String privilege) {
      return privileges.contains(privilege)
          || (privileges.contains(ALL) && !privilege.equals("GRANT OPTION"));
    }
  }

  /** Reads what the session's account may do now. */
  static Grants read(Session session) {
    var lines = new LinkedHashMap<String, List<String>>();
    return switch (session.engine()) {
      case MYSQL -> {
        var roles = session.first("SELECT CURRENT_ROLE()").orElseThrow().string(1);
        var using = roles.equals("NONE") ? "" : " USING " + roles;
        lines.put("", show(session, "SHOW GRANTS FOR CURRENT_USER()" + using));
        var wildcards =
            session.first("SELECT @@GLOBAL.partial_revokes").orElseThrow().longValue(1) == 0;
        yield parse(all(lines), wildcards);
      }
      case MARIADB -> {
        lines.put("", show(session, "SHOW GRANTS FOR CURRENT_USER()"));
        var role = session.first("SELECT CURRENT_ROLE()").orElseThrow().stringOrNull(1);
        if (role != null) {
          addRole(session, "`" + role + "`", lines);
        }
        addRole(session, "PUBLIC", lines);
        yield parse(all(lines), true);
      }
    };
  }

  /**
   * @param lines of SHOW GRANTS
   * @param wildcards whether {@code _} and {@code %} in schema names stand for other letters
   */
  static Grants parse(List<String> lines, boolean wildcards) {
    var entries = new ArrayList<Entry>();
    for (var line : lines) {
      var match = LINE.matcher(line);
      if (match.matches()) {
        var privileges =
            Arrays.stream(match.group(2).toUpperCase(Locale.ROOT).split(", ?", -1))
                .collect(Collectors.toSet());
        entries.add(
            new Entry(match.group(1).equals("GRANT"), privileges, match.group(4), match.group(5)));
      }
    }
    return new Grants(entries, wildcards);
  }

  boolean wildcards() {
    return wildcards;
  }

  /** Whether the account has the privilege on everything. */
  boolean global(String privilege) {
    return entries.stream()
        .anyMatch(entry -> entry.granted() && entry.schema() == null && entry.has(privilege));
  }

  /** Whether the account has the privilege on a whole schema of this name. */
  boolean on(String schema, String privilege) {
    var revoked =
        entries.stream()
            .anyMatch(
                entry -> !entry.granted() && schema.equals(entry.schema()) && entry.has(privilege));
    return (global(privilege) && !revoked)
        || mostSpecific(schema).values().stream().anyMatch(entry -> entry.has(privilege));
  }

  private Map<String, Entry> mostSpecific(String schema) {
    var chosen = new LinkedHashMap<String, Entry>();
    for (var entry : entries) {
      var pattern = entry.schema();
      if (entry.granted() && pattern != null && matches(pattern, schema)) {
        chosen.merge(
            entry.grantee(),
            entry,
            (one, two) -> firstWildcard(one.schema()) >= firstWildcard(two.schema()) ? one : two);
      }
    }
    return chosen;
  }

  private boolean matches(String pattern, String schema) {
    if (!wildcards) {
      return pattern.replace("\\", "").equals(schema);
    }
    var expression = new StringBuilder();
    for (var i = 0; i < pattern.length(); i++) {
      var letter = pattern.charAt(i);
      switch (letter) {
        case '\\' -> {
          i++;
          expression.append(Pattern.quote(pattern.substring(i, Math.min(i + 1, pattern.length()))));
        }
        case '_' -> expression.append('.');
        case '%' -> expression.append(".*");
        default -> expression.append(Pattern.quote(String.valueOf(letter)));
      }
    }
    return Pattern.compile(expression.toString(), Pattern.DOTALL).matcher(schema).matches();
  }

  private static int firstWildcard(@Nullable String pattern) {
    var text = pattern == null ? "" : pattern;
    for (var i = 0; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '_' || text.charAt(i) == '%') {
        return i;
      }
    }
    return Integer.MAX_VALUE;
  }

  private static void addRole(Session session, String role, Map<String, List<String>> lines) {
    if (lines.containsKey(role)) {
      return;
    }
    List<String> own;
    try {
      own = show(session, "SHOW GRANTS FOR " + role);
    } catch (Fault.Refused notShown) {
      // PUBLIC is there from MariaDB 10.11 only, and a role of a role may be hidden.
      own = List.of();
    }
    lines.put(role, own);
    for (var line : own) {
      var inner = ROLE_GRANT.matcher(line);
      if (inner.matches()) {
        addRole(session, inner.group(1), lines);
      }
    }
  }

  private static List<String> show(Session session, String sql) {
    return session.query(sql).stream().map(row -> row.string(1)).toList();
  }

  private static List<String> all(Map<String, List<String>> lines) {
    return lines.values().stream().flatMap(List::stream).toList();
  }

  /** What an engine calls the privilege to write although the server is read-only. */
  static List<String> pastReadOnly(Engine engine, boolean superSuffices) {
    return switch (engine) {
      case MYSQL -> List.of("CONNECTION_ADMIN", "SUPER");
      case MARIADB ->
          superSuffices ? List.of("READ_ONLY ADMIN", "SUPER") : List.of("READ_ONLY ADMIN");
    };
  }
}
